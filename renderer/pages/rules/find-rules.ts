import { z } from 'zod';
import type { RuleSummary } from '../../../main/contract/rules.ts';

const text = z.string().optional().catch(undefined);

/** What the address of the list may say. */
export const RulesSearch = z.object({ find: text, label: text });

/** Those that hold every word in their name, trigger, action, description or labels: the user's own first. */
export function findRules(rules: readonly RuleSummary[], words: string, label: string | undefined): RuleSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rules
    .filter(({ tags }) => label === undefined || tags.includes(label))
    .filter(({ ref, description, trigger, action, tags }) => {
      const said = [ref, description, trigger.type, action.ref, ...tags].join(' ').toLowerCase();
      return wanted.every((word) => said.includes(word));
    })
    .sort((a, b) => Number(a.origin === 'pack') - Number(b.origin === 'pack') || a.ref.localeCompare(b.ref));
}
