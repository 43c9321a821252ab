import type { Json, JsonObject } from '../contract/json.ts';
import type { KeptRule, KeptVerdicts, RuleVerdict } from '../contract/triggers.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { CompiledCriterion, Outcome } from './compiled-criterion.ts';
import type { MatchContext } from './criteria.ts';
import type { CriteriaKey } from './criteria-key.ts';
import { type Eventually, whenKnown } from './eventually.ts';
import { excerpt, isEmptyPayload } from './expand-verdicts.ts';

/**
 * The rules on one trigger, made ready for events. Most rules begin by asking whether some field is some text: those are
 * found by one look-up for all of them, so an event costs what its own rules cost and not what all do.
 */
export type RuleSet = {
  readonly rules: readonly CompiledRule[];
  readonly byRef: ReadonlyMap<string, CompiledRule>;
  /** As the history keeps them; the same object for as long as the rules are. */
  readonly kept: readonly KeptRule[];
  readonly byText: readonly TextIndex[];
  /** Positions of the rules that have to be asked one by one. */
  readonly others: readonly number[];
  /** Asked when no other matched. */
  readonly backstops: readonly number[];
};

type TextIndex = { readonly read: CriteriaKey; readonly key: string; readonly rules: Map<string, number[]> };

export const NO_RULES: RuleSet = { rules: [], byRef: new Map(), kept: [], byText: [], others: [], backstops: [] };

/** `unordered` are of one trigger. Backstop rules come last. */
export function compileRuleSet(unordered: readonly CompiledRule[]): RuleSet {
  const isBackstop = (rule: CompiledRule) => rule.definition.type === 'backstop';
  const rules = [...unordered.filter((rule) => !isBackstop(rule)), ...unordered.filter(isBackstop)];
  const byText = new Map<string, TextIndex>();
  const others: number[] = [];
  const backstops: number[] = [];
  rules.forEach((rule, position) => {
    const [first] = rule.criteria;
    if (isBackstop(rule)) backstops.push(position);
    else if (first?.isText && rule.definition.enabled) addText(byText, first, first.isText, position);
    else others.push(position);
  });
  const byRef = new Map(rules.map((rule) => [rule.definition.ref, rule]));
  return { rules, byRef, kept: rules.map(keep), byText: [...byText.values()], others, backstops };
}

function addText(
  index: Map<string, TextIndex>,
  { key }: CompiledCriterion,
  { read, text }: NonNullable<CompiledCriterion['isText']>,
  position: number,
): void {
  const field = key.split('#', 1)[0] ?? key;
  const entry = index.get(field) ?? { read, key: field, rules: new Map<string, number[]>() };
  index.set(field, entry);
  const positions = entry.rules.get(text);
  if (positions) positions.push(position);
  else entry.rules.set(text, [position]);
}

function keep({ definition, criteria }: CompiledRule): KeptRule {
  return {
    rule: definition.ref,
    criteria: criteria.map(({ key, fixed }) => ({ key, expected: excerpt(fixed?.expected ?? null) })),
  };
}

/** At once, unless a criterion's pattern is a template or a regular expression that needs Python. */
export function judgeRules(set: RuleSet, payload: Json, at: MatchContext): Eventually<KeptVerdicts> {
  const event: Event = { root: { trigger: payload }, isEmpty: isEmptyPayload(payload), at };
  const found: Found = { stops: [], told: [], matched: 0 };
  return whenKnown(askStandard(set, event, found), () => {
    const done = () => ({ rules: set.kept, stops: found.stops, told: found.told });
    if (set.backstops.length === 0) return done();
    if (found.matched === 0) return whenKnown(askEach(set, set.backstops, 0, event, found), done);
    for (const position of set.backstops) found.stops.push(position, NOT_ASKED);
    return done();
  });
}

/** In `stops`: the rule was not asked. */
const NOT_ASKED = -1;

type Event = { readonly root: JsonObject; readonly isEmpty: boolean; readonly at: MatchContext };
type Found = { readonly stops: number[]; readonly told: RuleVerdict[]; matched: number };

function askStandard(set: RuleSet, event: Event, found: Found): Eventually<void> {
  const waiting: Promise<void>[] = [];
  const note = (asked: Eventually<void>) => {
    if (asked instanceof Promise) waiting.push(asked);
  };
  if (!event.isEmpty) for (const index of set.byText) note(askText(set, index, event, found));
  note(askEach(set, set.others, 0, event, found));
  return waiting.length > 0 ? Promise.all(waiting).then(() => {}) : undefined;
}

/** Of all the rules that want another text there in the field, nothing needs to be noted: they stop at their first criterion. */
function askText(set: RuleSet, index: TextIndex, event: Event, found: Found): Eventually<void> {
  let value: Json;
  try {
    value = index.read(event.root);
  } catch {
    // The key does not fit this payload: each rule tells that for itself.
    return askEach(set, [...index.rules.values()].flat(), 0, event, found);
  }
  const positions = typeof value === 'string' ? index.rules.get(value) : undefined;
  return positions && askEach(set, positions, 1, event, found);
}

function askEach(
  set: RuleSet,
  positions: readonly number[],
  start: number,
  event: Event,
  found: Found,
): Eventually<void> {
  const waiting: Promise<void>[] = [];
  for (const position of positions) {
    const rule = set.rules[position];
    if (!rule) continue;
    const answer = ask(rule, start, event);
    if (answer instanceof Promise) waiting.push(answer.then((known) => note(found, position, known)));
    else note(found, position, answer);
  }
  return waiting.length > 0 ? Promise.all(waiting).then(() => {}) : undefined;
}

function note(found: Found, position: number, answer: Answer): void {
  if (typeof answer === 'number') {
    if (answer !== 0) found.stops.push(position, answer);
    return;
  }
  if (answer.matched) found.matched += 1;
  found.told.push(answer);
}

/** Where it stopped, or a verdict that has to be kept whole. */
type Answer = number | RuleVerdict;

/** A rule with criteria holds for no event without a payload. */
function ask(rule: CompiledRule, start: number, event: Event): Eventually<Answer> {
  if (!rule.definition.enabled) return NOT_ASKED;
  if (event.isEmpty && rule.criteria.length > 0) return 0;
  return askFrom(start, rule, event);
}

/** Criteria one after the other, until one does not hold. */
function askFrom(start: number, rule: CompiledRule, event: Event): Eventually<Answer> {
  for (let index = start; index < rule.criteria.length; index += 1) {
    const outcome = rule.criteria[index]?.check(event.root, event.at);
    if (outcome instanceof Promise) {
      return outcome.then((known) => (known.holds ? askFrom(index + 1, rule, event) : stopped(rule, index, known)));
    }
    if (outcome && !outcome.holds) return stopped(rule, index, outcome);
  }
  return { rule: rule.definition.ref, matched: true };
}

function stopped(rule: CompiledRule, index: number, { seen, expected, fault }: Outcome): Answer {
  const criterion = rule.criteria[index];
  if (criterion?.fixed && !fault) return index;
  return {
    rule: rule.definition.ref,
    matched: false,
    stoppedAt: criterion?.key ?? '',
    seen: excerpt(seen),
    expected: excerpt(expected),
    ...(fault && { fault }),
  };
}
