import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { RuleVerdict, TriggerInstance } from '../contract/triggers.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { Outcome } from './compiled-criterion.ts';
import type { MatchContext } from './criteria.ts';
import { type Eventually, whenKnown } from './eventually.ts';

/**
 * Stage 3: which rules an event fulfils, and what they ask for. Decisions only: no clock, no store, no process; the tester
 * page and the engine call the same functions. Nothing here starts an execution or changes a rule.
 *
 * `rules` are those of the instance's trigger. Backstop rules get their turn when no other matched. At once, unless a
 * criterion's pattern is a template or a regular expression that needs Python.
 */
export function matchRules(
  rules: readonly CompiledRule[],
  instance: Pick<TriggerInstance, 'payload'>,
  at: MatchContext,
): Eventually<readonly RuleVerdict[]> {
  const event: Event = { root: { trigger: instance.payload }, isEmpty: isEmpty(instance.payload), at };
  const standard = rules.filter((rule) => rule.definition.type === 'standard');
  const backstops = standard.length === rules.length ? [] : rules.filter((rule) => rule.definition.type === 'backstop');
  const first = askAll(standard, event);
  if (backstops.length === 0) return first;
  return whenKnown(first, (verdicts) => {
    if (verdicts.some((verdict) => verdict.matched)) return [...verdicts, ...backstops.map(notMatched)];
    return whenKnown(askAll(backstops, event), (second) => [...verdicts, ...second]);
  });
}

type Event = { readonly root: JsonObject; readonly isEmpty: boolean; readonly at: MatchContext };

function askAll(rules: readonly CompiledRule[], event: Event): Eventually<RuleVerdict[]> {
  const verdicts = rules.map((rule) => ask(rule, event));
  return verdicts.some((verdict) => verdict instanceof Promise) ? Promise.all(verdicts) : (verdicts as RuleVerdict[]);
}

/** A rule with criteria holds for no event without a payload. */
function ask(rule: CompiledRule, event: Event): Eventually<RuleVerdict> {
  if (!rule.definition.enabled) return notMatched(rule);
  const [first] = rule.criteria;
  if (first && event.isEmpty) return { ...notMatched(rule), stoppedAt: first.key, seen: null };
  return askFrom(0, rule, event);
}

/** Criteria one after the other, until one does not hold. */
function askFrom(start: number, rule: CompiledRule, event: Event): Eventually<RuleVerdict> {
  for (let index = start; index < rule.criteria.length; index += 1) {
    const outcome = rule.criteria[index]?.check(event.root, event.at);
    if (outcome instanceof Promise) {
      return outcome.then((known) => (known.holds ? askFrom(index + 1, rule, event) : stopped(rule, index, known)));
    }
    if (outcome && !outcome.holds) return stopped(rule, index, outcome);
  }
  return { rule: rule.definition.ref, matched: true };
}

function notMatched(rule: CompiledRule): RuleVerdict {
  return { rule: rule.definition.ref, matched: false };
}

function stopped(rule: CompiledRule, index: number, { seen, expected, fault }: Outcome): RuleVerdict {
  return {
    rule: rule.definition.ref,
    matched: false,
    stoppedAt: rule.criteria[index]?.key ?? '',
    seen: excerpt(seen),
    expected: excerpt(expected),
    ...(fault && { fault }),
  };
}

/** Verdicts are kept for every event, so what they quote is kept short. */
const EXCERPT = 500;

function excerpt(value: Json): Json {
  if (typeof value !== 'string' && typeof value !== 'object') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : value;
}

function isEmpty(payload: Json): boolean {
  return (
    !payload ||
    (Array.isArray(payload) && payload.length === 0) ||
    (isJsonObject(payload) && Object.keys(payload).length === 0)
  );
}
