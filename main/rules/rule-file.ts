import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Checked, describeProblem, type Problem, StormletError } from '../contract/errors.ts';
import type { NewRule } from '../contract/rules.ts';
import { writeFileAtomic } from '../kit/atomic-file.ts';
import { parseDataFile, setInYaml, toYaml } from '../kit/yaml-file.ts';

/**
 * The user's own rules are files that people edit too: what the window writes leaves comments and layout alone, and is
 * never a file that could not be loaded.
 */
export type CheckRule = (file: string, text: string) => Checked<unknown>;

/** Writes a rule from the form, and gives its file. */
export async function writeNewRule(folder: string, rule: NewRule, check: CheckRule): Promise<string> {
  const text = toYaml({
    name: rule.name,
    ...(rule.description !== '' && { description: rule.description }),
    enabled: rule.enabled,
    trigger: { type: rule.trigger, ...(!isEmpty(rule.triggerParameters) && { parameters: rule.triggerParameters }) },
    ...(!isEmpty(rule.criteria) && { criteria: rule.criteria }),
    action: { ref: rule.action, ...(!isEmpty(rule.parameters) && { parameters: rule.parameters }) },
  });
  return writeRuleText(folder, rule.name, text, check);
}

/** Writes a new rule as somebody wrote it, and gives its file. */
export async function writeRuleText(folder: string, name: string, text: string, check: CheckRule): Promise<string> {
  // A dot in front would hide the file, and a slash would leave the folder.
  const file = path.join(folder, `${name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^\./, '_')}.yaml`);
  if (existsSync(file)) throw nameTaken(name, file);
  await saveRuleYaml(file, text, check);
  return file;
}

/** Refused, with file and line, when the text could not be loaded; the file then stays as it is. */
export async function saveRuleYaml(file: string, text: string, check: CheckRule): Promise<void> {
  const { problems } = check(file, text);
  if (problems.some(({ severity }) => severity === 'error')) throw refusedRule(problems);
  await writeFileAtomic(file, text.endsWith('\n') ? text : `${text}\n`);
}

export async function setEnabledInFile(file: string, enabled: boolean): Promise<void> {
  const text = await readFile(file, 'utf8');
  const { problems } = parseDataFile(file, text);
  if (problems.length > 0) throw refusedRule(problems);
  await writeFileAtomic(file, setInYaml(text, 'enabled', enabled));
}

export async function removeRuleFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

function nameTaken(name: string, file: string): StormletError {
  return new StormletError({
    code: 'rule/name-taken',
    kind: 'user',
    message: `there is already a rule \`${name}\`, in \`${file}\``,
    hint: 'choose another name',
  });
}

/** The first error in the message, all that is wrong in the details. */
export function refusedRule(problems: readonly Problem[]): StormletError {
  const first = problems.find(({ severity }) => severity === 'error') ?? problems[0] ?? NOT_A_RULE;
  return new StormletError({
    code: first.code,
    kind: 'user',
    message: describeProblem({ ...first, hint: undefined }),
    ...(first.hint !== undefined && { hint: first.hint }),
    details: problems.map((problem) => describeProblem(problem)),
  });
}

const NOT_A_RULE: Problem = { severity: 'error', code: 'rule/invalid', message: 'this is no rule' };

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
