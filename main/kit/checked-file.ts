import { readFile, rm } from 'node:fs/promises';
import { type Checked, describeProblem, type Problem, StormletError } from '../contract/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { parseDataFile, setInYaml } from './yaml-file.ts';

/**
 * Files that people edit too: what the app writes leaves comments and layout alone, and is never a file that could not be
 * loaded.
 */
export type CheckText = (file: string, text: string) => Checked<unknown>;

/** Refused, with file and line, when the text could not be loaded; the file then stays as it is. */
export async function saveChecked(file: string, text: string, check: CheckText): Promise<void> {
  const { problems } = check(file, text);
  if (problems.some(({ severity }) => severity === 'error')) throw refusedText(problems);
  await writeFileAtomic(file, text.endsWith('\n') ? text : `${text}\n`);
}

export async function setEnabledInFile(file: string, enabled: boolean): Promise<void> {
  const text = await readFile(file, 'utf8');
  const { problems } = parseDataFile(file, text);
  if (problems.length > 0) throw refusedText(problems);
  await writeFileAtomic(file, setInYaml(text, 'enabled', enabled));
}

export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The first error in the message, all that is wrong in the details. */
export function refusedText(problems: readonly Problem[]): StormletError {
  const first = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  const { code = 'file/refused', hint } = first ?? {};
  return new StormletError({
    code,
    kind: 'user',
    message: first ? describeProblem({ ...first, hint: undefined }) : 'the text cannot be loaded',
    ...(hint !== undefined && { hint }),
    details: problems.map((problem) => describeProblem(problem)),
  });
}
