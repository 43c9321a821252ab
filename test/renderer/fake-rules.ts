import { stringify } from 'yaml';
import type { RuleDefinition } from '../../main/contract/packs.ts';
import type { RuleDetail, RuleSummary } from '../../main/contract/rules.ts';
import { ruleOf } from './fake-packs.ts';

/** Rules of the user's own: a good one, one that names what is not there, and a file that is no rule at all. */
export const UNREADABLE_RULE = {
  severity: 'error',
  code: 'rule/unreadable',
  message: 'a mapping is needed here, got a list',
  file: '/home/ada/.config/stormlet/rules/night_mode.yaml',
  line: 7,
} as const;

export function ownRules(): RuleSummary[] {
  const busy = ruleOf('default.warn_when_busy', 'examples.load', 'core.echo', {
    description: 'Says so when the machine is busy.',
    criteria: { 'trigger.one_minute': { type: 'greaterthan', pattern: 6 } },
    parameters: { message: 'busy: {{ trigger.one_minute }}' },
    origin: 'user',
  });
  const broken = ruleOf('default.file_issue', 'examples.file_created', 'jira.create_isue', { origin: 'user' });
  return [
    { ...busy, state: 'active', problems: [] },
    {
      ...broken,
      state: 'broken',
      problems: [
        {
          severity: 'error',
          code: 'rule/action-unknown',
          message: 'no installed pack has the action `jira.create_isue`',
          hint: 'did you mean `jira.create_issue`?',
          file: broken.file,
          line: 6,
        },
      ],
    },
  ];
}

export function withYaml(rule: RuleSummary): RuleDetail {
  const { name, pack, description, enabled, trigger, criteria, action }: RuleDefinition = rule;
  const text = { name, pack, description, enabled, trigger, criteria, action };
  return { ...rule, yaml: stringify(text) };
}
