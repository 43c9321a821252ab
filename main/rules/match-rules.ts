import type { RuleVerdict, TriggerInstance } from '../contract/triggers.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { MatchContext } from './criteria.ts';
import { type Eventually, whenKnown } from './eventually.ts';
import { expandVerdicts } from './expand-verdicts.ts';
import { compileRuleSet, judgeRules } from './rule-set.ts';

/**
 * Stage 3: which rules an event fulfils, and what they ask for. Decisions only: no clock, no store, no process; the tester
 * page and the engine call the same functions. Nothing here starts an execution or changes a rule.
 *
 * `rules` are those of the instance's trigger. Backstop rules get their turn when no other matched.
 */
export function matchRules(
  rules: readonly CompiledRule[],
  instance: Pick<TriggerInstance, 'payload'>,
  at: MatchContext,
): Eventually<readonly RuleVerdict[]> {
  const judged = judgeRules(compileRuleSet(rules), instance.payload, at);
  return whenKnown(judged, (kept) => expandVerdicts(kept, instance.payload));
}
