import type { InfiniteData } from '@tanstack/react-query';
import { packOf, ResourceRef } from '../../../main/contract/refs.ts';
import type { RuleTest, RuleTestResult } from '../../../main/contract/rule-tests.ts';
import type { TriggerInstance } from '../../../main/contract/triggers.ts';

export type TestPages = InfiniteData<RuleTest>;

/** A page that stays open for days must not grow for days. Beyond it the test is made anew. */
const MOST_RESULTS = 5000;

/** Whether the event may be one that the rule is asked about. One of a trigger with parameters has a name of its own. */
export function concerns({ pages }: TestPages, { trigger }: Pick<TriggerInstance, 'trigger'>): boolean {
  const rule = pages[0]?.rule;
  if (!rule) return false;
  if (trigger === rule.trigger.type) return true;
  const ref = ResourceRef.safeParse(trigger).data;
  const hasParameters = Object.keys(rule.trigger.parameters).length > 0;
  return hasParameters && ref !== undefined && packOf(ref) === packOf(rule.trigger.type);
}

export function holds({ pages }: TestPages, id: string): boolean {
  return pages.some(({ results }) => results.some(({ event }) => event?.id === id));
}

/** With what has come since before it; undefined where too much has. Where older ones are read on stays as it was. */
export function withNewer(data: TestPages, newer: RuleTest): TestPages | undefined {
  const [first, ...others] = data.pages;
  if (!first || newer.next !== undefined) return undefined;
  const fresh = newer.results.filter(({ event }) => event && !holds(data, event.id));
  const results: RuleTestResult[] = [...fresh, ...first.results];
  if (results.length > MOST_RESULTS) return undefined;
  return { ...data, pages: [{ ...first, results }, ...others] };
}
