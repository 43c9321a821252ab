import type { ActionDefinition, TriggerType } from '../../../main/contract/packs.ts';
import { CRITERIA_OPERATORS } from '../../../main/contract/rules.ts';
import type { Completion } from '../../ui/yaml-completion.ts';
import type { PayloadField } from './payload-fields.ts';
import { readRuleText } from './rule-text.ts';

export type RuleVocabulary = {
  readonly types: readonly TriggerType[];
  readonly actions: readonly ActionDefinition[];
  readonly fields: readonly PayloadField[];
};

const KEYS = ['name', 'description', 'enabled', 'trigger', 'criteria', 'action', 'type', 'tags'] as const;

/** What may stand at a place of a rule's YAML: the text before it, up to there, and all that comes after it. */
export function ruleCompletions(before: string, after: string, words: RuleVocabulary): Completion[] {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/\{\{[^}]*$/.test(line)) return words.fields.map(fieldCompletion);
  const path = pathAt(before);
  const isValue = /^\s*[^\s:][^:]*:\s/.test(line);
  return isValue ? valuesAt([...path, keyOf(line)], words) : keysAt(path, words, `${before}${after}`);
}

function valuesAt(path: readonly string[], { types, actions }: RuleVocabulary): Completion[] {
  switch (path.join('.')) {
    case 'trigger.type':
      return types.map(({ ref, description }) => ({ text: ref, about: description }));
    case 'action.ref':
      return actions.map(({ ref, description }) => ({ text: ref, about: description }));
    case 'enabled':
      return [{ text: 'true' }, { text: 'false' }];
    case 'type':
      return [{ text: 'standard' }, { text: 'backstop', about: 'has its turn when no other rule matched' }];
  }
  if (path[0] !== 'criteria' || path.at(-1) !== 'type') return [];
  return Object.entries(CRITERIA_OPERATORS).map(([text, about]) => ({ text, about }));
}

function keysAt(path: readonly string[], words: RuleVocabulary, text: string): Completion[] {
  const [first, second] = path;
  if (first === undefined) return KEYS.map((key) => ({ text: `${key}: ` }));
  if (first === 'trigger' && second === undefined) return [{ text: 'type: ' }, { text: 'parameters:' }];
  if (first === 'action' && second === undefined) return [{ text: 'ref: ' }, { text: 'parameters:' }];
  if (first === 'criteria' && second === undefined) {
    return words.fields.map((field) => ({ ...fieldCompletion(field), text: `${field.path}:` }));
  }
  if (first === 'criteria') return [{ text: 'type: ' }, { text: 'pattern: ' }];
  if (second !== 'parameters') return [];
  const values = readRuleText(text);
  const type = words.types.find(({ ref }) => ref === values?.trigger);
  const action = words.actions.find(({ ref }) => ref === values?.action);
  const specs = first === 'action' ? action?.parameters : type?.parametersSchema?.properties;
  return Object.entries(specs ?? {}).map(([name, spec]) => ({
    text: `${name}: `,
    about: (spec as { description?: string }).description ?? '',
  }));
}

function fieldCompletion({ path, sample, type }: PayloadField): Completion {
  return { text: path, about: sample ?? type ?? '' };
}

/** The keys that the line stands below, by their indentation. */
function pathAt(before: string): string[] {
  const lines = before.split('\n');
  let indent = indentOf(lines.at(-1) ?? '');
  const path: string[] = [];
  for (const line of lines.slice(0, -1).reverse()) {
    if (line.trim() === '' || line.trimStart().startsWith('#') || indentOf(line) >= indent) continue;
    indent = indentOf(line);
    path.unshift(keyOf(line));
    if (indent === 0) break;
  }
  return path;
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function keyOf(line: string): string {
  return (/^\s*(?:- )?["']?([^:"']+)["']?:/.exec(line)?.[1] ?? '').trim();
}
