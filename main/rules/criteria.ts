import type { Json, JsonObject } from '../contract/json.ts';
import { readDate } from '../kit/read-date.ts';
import { type Eventually, whenKnown } from './eventually.ts';
import { pythonContains, pythonEquals, pythonOrder, pythonType } from './python-compare.ts';
import { compilePythonRegex, type RegexOptions } from './python-regex.ts';
import { compileWildcard } from './wildcard.ts';

/** What matching needs beside the rules and the event. */
export type MatchContext = {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Renders a Jinja template, at once where it can. */
  readonly render: (template: string, context: JsonObject) => Eventually<string>;
  /** A key of the datastore's system scope. */
  readonly readKey: (key: string) => string | undefined;
};

/** Whether a value fulfils a pattern that was looked at once before. Throws where Python would. */
export type Test = (value: Json, at: MatchContext) => Eventually<boolean>;
export type Operator = (pattern: Json) => Test;

/** Every operator but `search` (st2common/operators.py); Python's typing throughout, and nothing is converted. */
export function operatorOf(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

const equals = unlessNull((pattern) => (value) => pythonEquals(value, pattern));
const nequals: Operator = (pattern) => (value) => !pythonEquals(value, pattern);
const iequals = onTexts(lower, (value, pattern) => value === pattern);
const contains = unlessNull((pattern) => (value) => pythonContains(value, pattern));
const ncontains = unlessNull((pattern) => (value) => !pythonContains(value, pattern));
const icontains = onTexts(lower, (value, pattern) => value.includes(pattern));
const incontains = onTexts(lower, (value, pattern) => !value.includes(pattern));
const startsWith = (value: string, pattern: string) => value.startsWith(pattern);
const endsWith = (value: string, pattern: string) => value.endsWith(pattern);
const lessthan = unlessNull((pattern) => (value) => pythonOrder(value, pattern) < 0);
const greaterthan = unlessNull((pattern) => (value) => pythonOrder(value, pattern) > 0);
const inside = unlessNull((pattern) => (value) => pythonContains(pattern, value));
const ninside = unlessNull((pattern) => (value) => !pythonContains(pattern, value));
const newerThan = age((seconds, limit) => seconds < limit);
const olderThan = age((seconds, limit) => seconds > limit);
const matchwildcard = unlessNull((pattern) => {
  const matches = compileWildcard(textOf(pattern));
  return (value) => matches(textOf(value));
});

const OPERATORS: Readonly<Record<string, Operator>> = {
  equals,
  eq: equals,
  nequals,
  neq: nequals,
  iequals,
  ieq: iequals,
  contains,
  icontains,
  ncontains,
  incontains,
  startswith: onTexts(asIs, startsWith),
  istartswith: onTexts(lower, startsWith),
  endswith: onTexts(asIs, endsWith),
  iendswith: onTexts(lower, endsWith),
  lessthan,
  lt: lessthan,
  greaterthan,
  gt: greaterthan,
  matchwildcard,
  matchregex: regex({ anchored: true, dotAll: true }, '{{ value | regex_match("(?s)" + pattern) }}'),
  regex: regex({}, '{{ value | regex_search(pattern) }}'),
  iregex: regex({ ignoreCase: true }, '{{ value | regex_search(pattern, true) }}'),
  timediff_lt: newerThan,
  td_lt: newerThan,
  timediff_gt: olderThan,
  td_gt: olderThan,
  exists: () => (value) => value !== null,
  nexists: () => (value) => value === null,
  inside,
  in: inside,
  ninside,
  nin: ninside,
};

/** A criterion whose pattern is null holds for nothing. */
function unlessNull(operator: Operator): Operator {
  return (pattern) => (pattern === null ? () => false : operator(pattern));
}

function onTexts(prepare: (text: string) => string, holds: (value: string, pattern: string) => boolean): Operator {
  return unlessNull((pattern) => {
    const prepared = prepare(textOf(pattern));
    return (value) => holds(prepare(textOf(value)), prepared);
  });
}

function regex(options: RegexOptions, inPython: string): Operator {
  return unlessNull((pattern) => {
    const matches = compilePythonRegex(textOf(pattern), options);
    return (value, at) =>
      matches(textOf(value)) ?? whenKnown(at.render(inPython, { value, pattern }), (text) => text === 'True');
  });
}

/** Seconds that passed since the date; the pattern may be a number or the text of one. */
function age(holds: (seconds: number, limit: number) => boolean): Operator {
  return unlessNull((pattern) => {
    const limit = typeof pattern === 'string' && pattern.trim() !== '' ? Number(pattern) : pattern;
    if (typeof limit !== 'number' || Number.isNaN(limit)) {
      throw new TypeError(`the pattern is a number of seconds, got \`${JSON.stringify(pattern)}\``);
    }
    return (value, at) => {
      const date = typeof value === 'string' || typeof value === 'number' ? readDate(String(value)) : undefined;
      if (date === undefined) throw new TypeError(`\`${JSON.stringify(value)}\` is no date`);
      return holds((at.now - date) / 1000, limit);
    };
  });
}

function textOf(value: Json): string {
  if (typeof value !== 'string') throw new TypeError(`it compares texts, got ${pythonType(value)}`);
  return value;
}

function lower(text: string): string {
  return text.toLowerCase();
}

function asIs(text: string): string {
  return text;
}
