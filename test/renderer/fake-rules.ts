import { stringify } from 'yaml';
import { describeProblem, StormletError } from '../../main/contract/errors.ts';
import type { PackDetail, RuleDefinition } from '../../main/contract/packs.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { NewRule, RuleDetail, RuleSummary } from '../../main/contract/rules.ts';
import { found } from './fake-lists.ts';
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

/** The rules of the packs and of the user, kept as they are given. */
export class FakeRules {
  readonly #emit: Emit;
  readonly #isFull: boolean;
  readonly #rules = new Map<string, RuleSummary>();

  constructor(emit: Emit, isFull: boolean) {
    this.#emit = emit;
    this.#isFull = isFull;
    if (isFull) for (const rule of ownRules()) this.#rules.set(rule.ref, rule);
  }

  readonly handlers: Handlers['rules'] = {
    list: () => [...this.#rules.values()],
    problems: () => (this.#isFull ? [UNREADABLE_RULE] : []),
    get: ({ ref }) => withYaml(this.#get(ref)),
    create: (rule) => this.#create(rule),
    save: ({ ref, yaml }) => this.#save(ref, yaml),
    remove: ({ ref }) => {
      this.#rules.delete(ref);
      this.#emit('rules.changed', { ref, removed: true });
    },
    setEnabled: ({ ref, enabled }) => this.#set({ ...this.#get(ref), enabled, state: enabled ? 'active' : 'disabled' }),
  };

  add(pack: PackDetail): void {
    for (const rule of pack.rules) this.#rules.set(rule.ref, { ...rule, state: 'active', problems: [] });
  }

  remove(pack: PackDetail): void {
    for (const rule of pack.rules) this.#rules.delete(rule.ref);
  }

  #get(ref: string): RuleSummary {
    return found(this.#rules.get(ref), `rule \`${ref}\``);
  }

  #create(rule: NewRule): RuleDetail {
    const ref = `default.${rule.name}`;
    if (this.#rules.has(ref))
      throw new StormletError({
        code: 'rule/exists',
        kind: 'user',
        message: `there is a rule \`${rule.name}\` already`,
      });
    const { description, criteria, parameters } = rule;
    const definition = ruleOf(ref, rule.trigger, rule.action, { description, criteria, parameters, origin: 'user' });
    return withYaml(this.#set({ ...definition, state: 'active', problems: [] }));
  }

  #save(ref: ResourceRef, yaml: string): RuleDetail {
    const rule = this.#get(ref);
    const line = yaml.split('\n').findIndex((text) => /^\s*\t/.test(text)) + 1;
    if (line > 0) {
      const problem = {
        severity: 'error',
        code: 'rule/unreadable',
        message: 'a tab cannot indent YAML',
        file: rule.file,
        line,
      } as const;
      const text = describeProblem(problem);
      throw new StormletError({ code: problem.code, kind: 'user', message: text, details: [text] });
    }
    this.#set(rule);
    return { ...rule, yaml };
  }

  #set(rule: RuleSummary): RuleSummary {
    this.#rules.set(rule.ref, rule);
    this.#emit('rules.changed', { ref: rule.ref, removed: false });
    return rule;
  }
}
