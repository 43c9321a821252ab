import { isJsonObject, type Json } from '../contract/json.ts';
import { Criterion } from '../contract/packs.ts';
import type { CompiledCriterion, Outcome } from './compiled-criterion.ts';
import type { MatchContext, Operator } from './criteria.ts';
import { type Eventually, whenKnown } from './eventually.ts';
import { pythonType } from './python-compare.ts';

/** For each condition: how many elements must fulfil, and how many of the criteria each of them. */
const CONDITIONS = {
  any: { elements: 'some', criteria: 'every' },
  all: { elements: 'every', criteria: 'every' },
  any2any: { elements: 'some', criteria: 'some' },
  all2any: { elements: 'every', criteria: 'some' },
} as const;

/** The elements of a list against criteria of their own, whose keys start with `item`. A map is a list of itself. */
export function searchOperator(
  { condition }: Criterion,
  compile: (key: string, criterion: Criterion) => CompiledCriterion,
): Operator {
  if (!condition) throw new Error('`search` needs a `condition`: any, all, any2any or all2any');
  const { elements, criteria } = CONDITIONS[condition];
  return (pattern) => {
    const compiled = compileChildren(pattern, compile);
    return (value, at) =>
      whenKnown(all(elementsOf(value).map((item) => checkElement(item, compiled, at))), (checked) => {
        const holds = checked[elements]((outcomes) => outcomes[criteria](({ holds }) => holds));
        const fault = checked.flat().find((outcome) => outcome.fault)?.fault;
        // One that failed on some element is no reason to give up while the others are enough.
        if (!holds && fault) throw new Error(fault.message);
        return holds;
      });
  };
}

function compileChildren(
  pattern: Json,
  compile: (key: string, criterion: Criterion) => CompiledCriterion,
): CompiledCriterion[] {
  if (!isJsonObject(pattern))
    throw new TypeError(`the pattern of \`search\` is a map of criteria, got ${pythonType(pattern)}`);
  return Object.entries(pattern).map(([key, child]) => {
    const criterion = Criterion.safeParse(child);
    if (!criterion.success) throw new TypeError(`the criterion \`${key}\` needs a \`type\` and a \`pattern\``);
    return compile(key, criterion.data);
  });
}

function elementsOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (isJsonObject(value)) return [value];
  if (typeof value === 'string') return [...value];
  throw new TypeError(`only a list can be searched, got ${pythonType(value)}`);
}

function checkElement(
  item: Json,
  children: readonly CompiledCriterion[],
  at: MatchContext,
): Eventually<readonly Outcome[]> {
  return all(children.map((child) => child.check({ item }, at)));
}

function all<T>(values: Eventually<T>[]): Eventually<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
}
