import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Problem, StormletError } from '../contract/errors.ts';
import type { NewRule } from '../contract/rules.ts';
import { type CheckText, refusedText, saveChecked } from '../kit/checked-file.ts';
import { toYaml } from '../kit/yaml-file.ts';

/** Writes a rule from the form, and gives its file. */
export async function writeNewRule(folder: string, rule: NewRule, check: CheckText): Promise<string> {
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
export async function writeRuleText(folder: string, name: string, text: string, check: CheckText): Promise<string> {
  // A dot in front would hide the file, and a slash would leave the folder.
  const file = path.join(folder, `${name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^\./, '_')}.yaml`);
  if (existsSync(file)) throw nameTaken(name, file);
  await saveChecked(file, text, check);
  return file;
}

function nameTaken(name: string, file: string): StormletError {
  return new StormletError({
    code: 'rule/name-taken',
    kind: 'user',
    message: `there is already a rule \`${name}\`, in \`${file}\``,
    hint: 'choose another name',
  });
}

const NOT_A_RULE: Problem = { severity: 'error', code: 'rule/invalid', message: 'this is no rule' };

export function refusedRule(problems: readonly Problem[]): StormletError {
  return refusedText(problems.length > 0 ? problems : [NOT_A_RULE]);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
