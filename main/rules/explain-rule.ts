import type { Json } from '../contract/json.ts';
import type { CriterionVerdict } from '../contract/rule-tests.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { MatchContext } from './criteria.ts';
import { excerpt, isEmptyPayload } from './expand-verdicts.ts';

/** Every criterion's own word on an event, by the code that matching asks; matching itself stops at the first no. */
export function explainRule(rule: CompiledRule, payload: Json, at: MatchContext): Promise<CriterionVerdict[]> {
  const isEmpty = isEmptyPayload(payload);
  return Promise.all(
    rule.criteria.map(async ({ key, check }): Promise<CriterionVerdict> => {
      const { holds, seen, expected, fault } = await check({ trigger: payload }, at);
      const operator = rule.definition.criteria[key]?.type ?? '';
      const said = { key, operator, seen: excerpt(seen), expected: excerpt(expected) };
      // No criterion holds for an event without a payload.
      return { ...said, holds: holds && !isEmpty, ...(fault && { fault }) };
    }),
  );
}
