import type { ResourceRef } from '../contract/refs.ts';
import { type CompiledRule, isBroken } from './compile-rule.ts';
import { compileRuleSet, type RuleSet } from './rule-set.ts';

/** The rules that may be asked, by their trigger type: an event that concerns none costs one look-up. */
export type RuleIndex = ReadonlyMap<string, RuleSet>;

export function indexRules(rules: Iterable<CompiledRule>): RuleIndex {
  const byType = new Map<ResourceRef, CompiledRule[]>();
  for (const rule of rules) {
    if (!rule.definition.enabled || isBroken(rule.problems)) continue;
    const { type } = rule.definition.trigger;
    const others = byType.get(type);
    if (others) others.push(rule);
    else byType.set(type, [rule]);
  }
  return new Map([...byType].map(([type, ofType]) => [type, compileRuleSet(ofType)]));
}
