import type { Problem } from '../../contract/errors.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { RuleReading, RuleTest, RuleTestRequest, RuleText } from '../../contract/rule-tests.ts';
import type { NewRule, RuleDetail, RuleSummary } from '../../contract/rules.ts';

/** Each throws a `user` fault that names the rule, and the file and line where there is one. */
export type RuleEditing = {
  list(): readonly RuleSummary[];
  problems(): readonly Problem[];
  detail(ref: ResourceRef): Promise<RuleDetail>;
  create(rule: NewRule): Promise<RuleDetail>;
  add(yaml: string): Promise<RuleDetail>;
  save(ref: ResourceRef, yaml: string): Promise<RuleDetail>;
  remove(ref: ResourceRef): Promise<void>;
  setEnabled(ref: ResourceRef, enabled: boolean): Promise<RuleSummary>;
};

/** Trying rules on events, without a consequence. */
export type RuleTrying = {
  check(text: RuleText): RuleReading;
  test(request: RuleTestRequest): Promise<RuleTest>;
};

export function ruleHandlers(rules: RuleEditing, lab: RuleTrying): Handlers['rules'] {
  return {
    list: () => [...rules.list()],
    problems: () => [...rules.problems()],
    get: ({ ref }) => rules.detail(ref),
    create: (rule) => rules.create(rule),
    add: ({ yaml }) => rules.add(yaml),
    check: (text) => lab.check(text),
    test: (request) => lab.test(request),
    save: ({ ref, yaml }) => rules.save(ref, yaml),
    remove: ({ ref }) => rules.remove(ref),
    setEnabled: ({ ref, enabled }) => rules.setEnabled(ref, enabled),
  };
}
