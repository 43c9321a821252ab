import { isJsonObject, type Json } from '../contract/json.ts';
import type { KeptRule, KeptVerdicts, RuleVerdict } from '../contract/triggers.ts';
import { compileCriteriaKey } from './criteria-key.ts';

/** Every rule's verdict on an event, from what is kept of them and the payload. */
export function expandVerdicts({ rules, stops, told }: KeptVerdicts, payload: Json): RuleVerdict[] {
  const whole = new Map(told.map((verdict) => [verdict.rule, verdict]));
  const stopOf = new Map<number, number>();
  for (let at = 0; at < stops.length; at += 2) stopOf.set(stops[at] ?? 0, stops[at + 1] ?? 0);
  const verdicts = rules.map((rule, position) => {
    return whole.get(rule.rule) ?? stoppedVerdict(rule, stopOf.get(position) ?? 0, payload);
  });
  const listed = new Set(rules.map(({ rule }) => rule));
  return [...verdicts, ...told.filter(({ rule }) => !listed.has(rule))];
}

function stoppedVerdict({ rule, criteria }: KeptRule, stop: number, payload: Json): RuleVerdict {
  const criterion = criteria[stop];
  if (!criterion) return { rule, matched: false };
  const { key, expected } = criterion;
  if (isEmptyPayload(payload)) return { rule, matched: false, stoppedAt: key, seen: null };
  return { rule, matched: false, stoppedAt: key, seen: excerpt(readKey(key, payload)), expected };
}

/** A key that fits no payload made a fault when the rule was asked, and that verdict is kept whole. */
function readKey(key: string, payload: Json): Json {
  try {
    return compileCriteriaKey(key)({ trigger: payload });
  } catch {
    return null;
  }
}

/** Verdicts are kept for every event, so what they quote is kept short. */
const EXCERPT = 500;

export function excerpt(value: Json): Json {
  if (typeof value !== 'string' && typeof value !== 'object') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : value;
}

export function isEmptyPayload(payload: Json): boolean {
  return (
    !payload ||
    (Array.isArray(payload) && payload.length === 0) ||
    (isJsonObject(payload) && Object.keys(payload).length === 0)
  );
}
