import { parseDocument } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../main/contract/json.ts';
import { RuleDefinition } from '../../main/contract/packs.ts';
import type { RuleReading, RuleTest, RuleTestRequest, RuleTestResult } from '../../main/contract/rule-tests.ts';
import type { RuleVerdict, TriggerInstance } from '../../main/contract/triggers.ts';
import { compileRule } from '../../main/rules/compile-rule.ts';
import { explainRule } from '../../main/rules/explain-rule.ts';
import { page } from './fake-history.ts';

type RulePlace = Pick<RuleDefinition, 'pack' | 'origin' | 'file'>;

/** A rule file as the engine would read it, without the rest of the world. */
export function readRuleText(yaml: string, { pack, origin, file }: RulePlace): RuleReading {
  const tab = yaml.split('\n').findIndex((text) => /^\s*\t/.test(text)) + 1;
  if (tab > 0) return refused(file, 'a tab cannot indent YAML', tab);
  const document = parseDocument(yaml);
  const [error] = document.errors;
  if (error) return refused(file, error.message.split('\n')[0] ?? '', error.linePos?.[0].line ?? 1);
  const value: unknown = document.toJS();
  if (!isJsonObject(value)) return refused(file, 'a mapping is needed here', 1);
  const { name = '', trigger = {}, action = {} } = value;
  const rule = RuleDefinition.safeParse({
    description: '',
    enabled: false,
    type: 'standard',
    criteria: {},
    tags: [],
    ...value,
    trigger: { parameters: {}, ...(trigger as JsonObject) },
    action: { parameters: {}, ...(action as JsonObject) },
    ref: `${pack}.${String(name)}`,
    pack,
    origin,
    file,
  });
  if (rule.success) return { problems: compileRule(rule.data).problems.slice(), rule: rule.data };
  const [issue] = rule.error.issues;
  return refused(file, `\`${issue?.path.join('.')}\`: ${issue?.message}`, 1);
}

function refused(file: string, message: string, line: number): RuleReading {
  return { problems: [{ severity: 'error', code: 'rule/unreadable', message, file, line }] };
}

/** Criteria by the code that ships; templates only where they name a field. */
export async function tryRule(
  { rule, problems }: RuleReading,
  request: RuleTestRequest,
  events: readonly TriggerInstance[],
  verdicts: ReadonlyMap<string, readonly RuleVerdict[]>,
): Promise<RuleTest> {
  if (!rule) return { problems, results: [] };
  if (request.payload !== undefined) return { problems, rule, results: [await tryOn(rule, request.payload)] };
  const { items, next } = page(
    events,
    request.before,
    request.limit,
    (event) => event.trigger === rule.trigger.type && (!request.since || event.receivedAt >= request.since),
  );
  const results = await Promise.all(
    items.map(async ({ id, trigger, payload, receivedAt }): Promise<RuleTestResult> => {
      const then = verdicts.get(id)?.find((verdict) => verdict.rule === request.ref)?.matched;
      const tried = await tryOn(rule, payload);
      return {
        ...tried,
        event: { id, trigger, payload, receivedAt },
        ...(then !== undefined && { matchedThen: then }),
      };
    }),
  );
  return { problems, rule, results, ...(next !== undefined && { next }) };
}

async function tryOn(rule: RuleDefinition, payload: Json): Promise<RuleTestResult> {
  const at = { now: Date.now(), render: (text: string) => text, readKey: () => undefined };
  const criteria = await explainRule(compileRule(rule), payload, at);
  const matched = criteria.every(({ holds }) => holds);
  return { matched, criteria, ...(matched && { parameters: rendered(rule.action.parameters, payload) }) };
}

function rendered(parameters: JsonObject, payload: Json): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll(FIELD, (_, path: string) => textAt(payload, path)) : value,
    ]),
  );
}

const FIELD = /\{\{\s*trigger\.([\w.]+)\s*\}\}/g;

function textAt(payload: Json, path: string): string {
  const value = path.split('.').reduce<Json>((at, key) => (isJsonObject(at) ? (at[key] ?? null) : null), payload);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
