import type { ResourceRef } from '../contract/refs.ts';
import { type CompiledRule, isBroken } from './compile-rule.ts';

/** The rules that may be asked, by their trigger type: an event that concerns none costs one look-up. */
export type RuleIndex = ReadonlyMap<string, readonly CompiledRule[]>;

export function indexRules(rules: Iterable<CompiledRule>): RuleIndex {
  const index = new Map<ResourceRef, CompiledRule[]>();
  for (const rule of rules) {
    if (!rule.definition.enabled || isBroken(rule.problems)) continue;
    const { type } = rule.definition.trigger;
    const others = index.get(type);
    if (others) others.push(rule);
    else index.set(type, [rule]);
  }
  return index;
}
