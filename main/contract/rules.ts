import { z } from 'zod';
import { Problem } from './errors.ts';
import { JsonObject } from './json.ts';
import { Criterion, RuleDefinition } from './packs.ts';
import { ResourceRef } from './refs.ts';

/** `broken`: listed with its problems (unknown trigger or action, a criterion refused), never asked. */
export const RuleSummary = RuleDefinition.extend({
  state: z.enum(['active', 'disabled', 'broken']),
  problems: z.array(Problem),
});
export type RuleSummary = z.infer<typeof RuleSummary>;

export const RuleDetail = RuleSummary.extend({ yaml: z.string() });
export type RuleDetail = z.infer<typeof RuleDetail>;

/** A rule from the form: written as YAML into the user's rules folder. The name becomes the file's name. */
export const NewRule = z.object({
  name: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'a rule name holds letters, digits, `_`, `-` and `.`'),
  description: z.string().default(''),
  enabled: z.boolean().default(true),
  trigger: ResourceRef,
  triggerParameters: JsonObject.default({}),
  criteria: z.record(z.string(), Criterion).default({}),
  action: ResourceRef,
  parameters: JsonObject.default({}),
});
export type NewRule = z.infer<typeof NewRule>;

/** What a criterion may be called (STACKSTORM 2.3), with the words the form shows. */
export const CRITERIA_OPERATORS = {
  equals: 'is',
  nequals: 'is not',
  iequals: 'is (ignoring case)',
  contains: 'contains',
  icontains: 'contains (ignoring case)',
  ncontains: 'does not contain',
  incontains: 'does not contain (ignoring case)',
  startswith: 'starts with',
  istartswith: 'starts with (ignoring case)',
  endswith: 'ends with',
  iendswith: 'ends with (ignoring case)',
  lessthan: 'is less than',
  greaterthan: 'is greater than',
  matchwildcard: 'matches wildcard',
  matchregex: 'matches regex from the start',
  regex: 'matches regex',
  iregex: 'matches regex (ignoring case)',
  timediff_lt: 'is newer than (seconds)',
  timediff_gt: 'is older than (seconds)',
  exists: 'exists',
  nexists: 'does not exist',
  inside: 'is one of',
  ninside: 'is none of',
  search: 'search in list',
} as const;
export type CriteriaOperator = keyof typeof CRITERIA_OPERATORS;
