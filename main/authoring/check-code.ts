import path from 'node:path';
import type { Problem } from '../contract/errors.ts';
import { type DataFile, readDataFile } from '../kit/yaml-file.ts';
import type { Pack } from '../packs/pack.ts';
import type { CodeFacts } from './examine-code.ts';

/** A metadata file's word for what Python has to bring. */
type EntryPoint = {
  readonly file: string;
  readonly metadata: string;
  /** Absent for an action: there the first class that can run is taken. */
  readonly className?: string;
};

/** What is wrong between a pack's metadata and its Python files. */
export async function checkCode(pack: Pack, facts: ReadonlyMap<string, CodeFacts>): Promise<Problem[]> {
  const points = entryPoints(pack);
  const files = new Set(points.map(({ file }) => file));
  const problems: Problem[] = [];
  for (const [file, { error }] of facts) {
    // What nothing names may be a leftover that nobody imports.
    if (error) problems.push(uncompilable(file, error, files.has(file) ? 'error' : 'warning'));
  }
  for (const point of points) {
    const found = facts.get(point.file);
    if (found && !found.error) problems.push(...(await checkClass(point, found)));
  }
  return problems;
}

export function entryPoints(pack: Pack): EntryPoint[] {
  const actions = pack.actions.filter((action) => action.runner === 'python-script');
  return [
    ...actions.map(({ entryPoint, file }) => ({ file: path.join(pack.path, 'actions', entryPoint), metadata: file })),
    ...pack.sensors.map(({ entryPoint, className, file }) => ({
      file: path.join(pack.path, 'sensors', entryPoint),
      metadata: file,
      className,
    })),
  ];
}

type Readable = Extract<CodeFacts, { names: string[] }>;

async function checkClass(point: EntryPoint, code: Readable): Promise<Problem[]> {
  const { file, className } = point;
  if (className !== undefined) {
    if (!code.complete || code.names.includes(className)) return [];
    const classes = code.classes.map(({ name }) => `\`${name}\``).join(', ');
    return [
      {
        severity: 'error',
        code: 'sensor/class-missing',
        message: `\`${file}\` has no class \`${className}\``,
        hint: classes === '' ? 'it defines no class' : `its classes are: ${classes}`,
        ...(await placeOf(point, 'class_name')),
      },
    ];
  }
  if (code.classes.some(({ runs }) => runs)) return [];
  const [first] = code.classes;
  return [
    {
      severity: 'error',
      code: 'action/class-missing',
      message: first ? `\`${first.name}\` has no method \`run\`` : `\`${file}\` has no action class`,
      hint: 'an action is a class that extends `Action` and has a method `run`',
      ...(first ? { file, line: first.line } : await placeOf(point, 'entry_point')),
    },
  ];
}

async function placeOf({ metadata }: EntryPoint, key: string): Promise<{ file: string; line?: number }> {
  const data: DataFile | undefined = (await readDataFile(metadata)).value;
  return { file: metadata, ...(data && { line: data.lineOf([key]) }) };
}

function uncompilable(file: string, error: { message: string; line: number }, severity: Problem['severity']): Problem {
  return { severity, code: 'pack/code-invalid', message: error.message, file, line: Math.max(error.line, 1) };
}
