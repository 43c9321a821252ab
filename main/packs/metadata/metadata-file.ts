import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, JsonObject } from '../../contract/json.ts';
import type { PackRef } from '../../contract/refs.ts';
import { inBatches } from '../../kit/in-batches.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import { type DataFile, type NodePath, parseDataFile } from '../../kit/yaml-file.ts';
import type { PackTree } from './scan-pack.ts';

/** What is to be loaded: a pack's folder as it was scanned. */
export type PackSource = { readonly path: string; readonly ref: PackRef; readonly tree: PackTree };

/** A metadata file while it is read: the checks that all kinds share, with what they find wrong. */
export class Metadata {
  readonly data: DataFile;
  readonly fields: JsonObject;
  readonly problems: Problem[] = [];

  constructor(data: DataFile, fields: JsonObject) {
    this.data = data;
    this.fields = fields;
  }

  error(code: string, at: NodePath, message: string, hint?: string): undefined {
    this.#add('error', code, at, message, hint);
  }

  warn(code: string, at: NodePath, message: string, hint?: string): undefined {
    this.#add('warning', code, at, message, hint);
  }

  get failed(): boolean {
    return this.problems.some((problem) => problem.severity === 'error');
  }

  /** A text that must be there. */
  requiredText(code: string, key: string): string {
    const value = this.fields[key];
    if (typeof value === 'string' && value !== '') return value;
    const found = value === undefined || value === null || value === '' ? 'is missing' : 'must be a text';
    this.error(code, [key], `\`${key}\` ${found}`);
    return '';
  }

  /** A text that may be absent; of another type it is as good as absent. */
  text(code: string, key: string): string {
    const value = this.fields[key] ?? '';
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    this.warn(code, [key], `\`${key}\` must be a text`);
    return '';
  }

  flag(code: string, key: string, byDefault: boolean): boolean {
    const value = this.fields[key] ?? byDefault;
    if (typeof value === 'boolean') return value;
    this.error(code, [key], `\`${key}\` must be true or false, got \`${String(value)}\``);
    return byDefault;
  }

  object(code: string, key: string): JsonObject | undefined {
    const value = this.fields[key] ?? undefined;
    if (value === undefined || isJsonObject(value)) return value;
    this.error(code, [key], `\`${key}\` must be a map`);
    return undefined;
  }

  /** StackStorm's tags are maps of `name` and `value`; a plain text is taken too. */
  tags(code: string): string[] {
    const value = this.fields.tags ?? [];
    if (!Array.isArray(value)) {
      this.warn(code, ['tags'], '`tags` must be a list');
      return [];
    }
    return value.flatMap((tag): string[] => {
      if (!isJsonObject(tag)) return tag === null ? [] : [String(tag)];
      const { name = '', value: detail = '' } = tag;
      return [detail === '' || detail === null ? String(name) : `${String(name)}=${String(detail)}`];
    });
  }

  /** A `pack` in a metadata file must be the pack that the file is in. */
  checkPack(code: string, pack: PackRef): void {
    const named = this.fields.pack ?? pack;
    if (named === pack) return;
    this.error(
      code,
      ['pack'],
      `\`pack\` is \`${String(named)}\`, but the file belongs to \`${pack}\``,
      `remove the line, or write \`pack: ${pack}\``,
    );
  }

  lines(): Placed<unknown>['lines'] {
    return { name: this.data.lineOf(['name']), entryPoint: this.data.lineOf(['entry_point']) };
  }

  #add(severity: Problem['severity'], code: string, at: NodePath, message: string, hint: string | undefined): void {
    const place = { file: this.data.file, line: this.data.lineOf(at) };
    this.problems.push({ severity, code, message, ...(hint !== undefined && { hint }), ...place });
  }
}

/** Parses a metadata file and hands it to `read`, or says why it is none. */
export function readMetadata<T>(
  file: string,
  text: string,
  code: string,
  read: (metadata: Metadata) => T | undefined,
): Checked<T> {
  const { value: data, problems } = parseDataFile(file, text);
  if (!data) return { problems };
  const parsed = JsonObject.safeParse(data.value);
  if (!parsed.success) return { problems: [notPlain(data, code, parsed.error.issues[0]?.path ?? [])] };
  const metadata = new Metadata(data, parsed.data);
  const value = read(metadata);
  return value === undefined ? { problems: metadata.problems } : { value, problems: metadata.problems };
}

/** Parsing takes about a millisecond for each file, and a real pack has 3,581 actions. */
const BATCH = 16;

/** Loads every metadata file of one of the pack's folders, each by itself: a bad one never stops the others. */
export async function loadEach<T>(
  source: PackSource,
  folder: string,
  cache: StampedCache<Checked<T>>,
  load: (file: string, text: string) => Checked<T>,
): Promise<Loaded<T>[]> {
  const names = [...source.tree.keys()].filter((name) => path.posix.dirname(name) === folder).sort();
  // JSON is for actions: elsewhere it is data, such as what a sensor writes beside its code.
  const wanted = names.filter((name) => (folder === 'actions' ? /\.(yaml|json)$/ : /\.yaml$/).test(name));
  cache.keepOnly(new Set(wanted.map((name) => path.join(source.path, name))));
  const loaded = await inBatches(wanted, BATCH, async (name): Promise<Loaded<T>> => {
    const file = path.join(source.path, name);
    try {
      const checked = await cache.get(file, source.tree.get(name) ?? '', (text) => load(file, text));
      return { file, ...checked };
    } catch (error) {
      return { file, problems: [unreadable(file, error)] };
    }
  });
  const misnamed = names.filter((name) => name.endsWith('.yml')).map((name) => misnamedFile(source, name));
  return [...loaded, ...misnamed];
}
export type Loaded<T> = Checked<T> & { readonly file: string };

/** Keeps the first of each name, and reports the others with both their files. */
export function refuseDuplicates<T>(
  code: string,
  loaded: readonly Loaded<T>[],
  identify: (value: T) => { readonly ref: string; readonly line: number },
): { readonly values: T[]; readonly problems: Problem[] } {
  const kept = new Map<string, { readonly value: T; readonly file: string }>();
  const problems: Problem[] = [];
  for (const { value, file, problems: found } of loaded) {
    problems.push(...found);
    if (value === undefined) continue;
    const { ref, line } = identify(value);
    const first = kept.get(ref);
    if (!first) kept.set(ref, { value, file });
    else {
      const message = `\`${ref}\` is already there, from \`${first.file}\``;
      problems.push({ severity: 'error', code, message, hint: 'give one of the two another name', file, line });
    }
  }
  return { values: [...kept.values()].map(({ value }) => value), problems };
}

/** A definition with the lines on which what lies outside its file may prove wrong. */
export type Placed<T> = {
  readonly definition: T;
  readonly lines: { readonly name: number; readonly entryPoint: number };
};

/** Takes away the definition whose `entry_point` names no file of the pack, and says so on that line. */
export function withEntryPoint<T>(
  source: PackSource,
  folder: string,
  entry: Loaded<Placed<T>>,
  entryPoint: string,
  code: string,
): Loaded<Placed<T>> {
  const { value, file, problems } = entry;
  const message = entryPointProblem(source, folder, entryPoint);
  if (message === undefined || !value) return entry;
  return { file, problems: [...problems, { severity: 'error', code, message, file, line: value.lines.entryPoint }] };
}

function entryPointProblem(source: PackSource, folder: string, entryPoint: string): string | undefined {
  const inside = path.posix.normalize(`${folder}/${entryPoint.replaceAll('\\', '/')}`);
  if (path.posix.isAbsolute(entryPoint) || inside.startsWith('..')) {
    return `\`entry_point\` leads out of the pack: \`${entryPoint}\``;
  }
  if (source.tree.has(inside) || existsSync(path.join(source.path, inside))) return undefined;
  return `\`entry_point\` names a file that does not exist: \`${inside}\``;
}

/** Valid YAML, and still no data: a list at the top, an infinite number, a key that is itself a map. */
function notPlain(data: DataFile, code: string, at: NodePath): Problem {
  const message = at.length === 0 ? 'must be a map of keys' : `\`${at.map(String).join('.')}\` is no plain value`;
  return { severity: 'error', code, message, file: data.file, line: data.lineOf(at) };
}

function misnamedFile(source: PackSource, name: string): Loaded<never> {
  const file = path.join(source.path, name);
  return {
    file,
    problems: [
      {
        severity: 'warning',
        code: 'pack/file-ignored',
        message: 'files ending in `.yml` are not read',
        hint: `rename it to \`${path.posix.basename(name, '.yml')}.yaml\``,
        file,
      },
    ],
  };
}

function unreadable(file: string, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return { severity: 'error', code: 'file/unreadable', message: `cannot be read: ${reason}`, file };
}
