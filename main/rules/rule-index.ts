import type { ResourceRef } from '../contract/refs.ts';
import { type CompiledRule, isBroken } from './compile-rule.ts';
import { compileRuleSet, type RuleSet } from './rule-set.ts';

/**
 * The rules that may be asked, by their trigger type and, where that has parameters, by their trigger: an event that
 * concerns none costs one look-up.
 */
export type RuleIndex = ReadonlyMap<string, RuleSet>;

export function indexRules(
  rules: Iterable<CompiledRule>,
  triggerOf: (rule: CompiledRule) => ResourceRef | undefined = () => undefined,
): RuleIndex {
  const byRef = new Map<ResourceRef, CompiledRule[]>();
  for (const rule of rules) {
    if (!rule.definition.enabled || isBroken(rule.problems)) continue;
    for (const ref of [rule.definition.trigger.type, triggerOf(rule)]) {
      if (ref === undefined) continue;
      const others = byRef.get(ref);
      if (others) others.push(rule);
      else byRef.set(ref, [rule]);
    }
  }
  return new Map([...byRef].map(([ref, ofRef]) => [ref, compileRuleSet(ofRef)]));
}
