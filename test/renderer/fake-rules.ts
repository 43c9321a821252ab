import { stringify } from 'yaml';
import { describeProblem, StormletError } from '../../main/contract/errors.ts';
import type { PackDetail, RuleDefinition } from '../../main/contract/packs.ts';
import { PackRef, type ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { RuleReading } from '../../main/contract/rule-tests.ts';
import type { NewRule, RuleDetail, RuleSummary } from '../../main/contract/rules.ts';
import type { FakeEvents } from './fake-events.ts';
import { found } from './fake-lists.ts';
import { ruleOf } from './fake-packs.ts';
import { readRuleText, tryRule } from './fake-rule-lab.ts';

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
  /** As somebody wrote them. */
  readonly #texts = new Map<string, string>();
  readonly #events: () => Pick<FakeEvents, 'rows' | 'verdicts'>;

  constructor(emit: Emit, isFull: boolean, events: () => Pick<FakeEvents, 'rows' | 'verdicts'>) {
    this.#emit = emit;
    this.#events = events;
    this.#isFull = isFull;
    if (isFull) for (const rule of ownRules()) this.#rules.set(rule.ref, rule);
  }

  readonly handlers: Handlers['rules'] = {
    list: () => [...this.#rules.values()],
    problems: () => (this.#isFull ? [UNREADABLE_RULE] : []),
    get: ({ ref }) => this.#detail(ref),
    add: ({ yaml }) => this.#add(yaml),
    check: ({ yaml, ref }) => readRuleText(yaml, this.#place(ref)),
    test: (request) => {
      const { rows, verdicts } = this.#events();
      return tryRule(readRuleText(request.yaml, this.#place(request.ref)), request, rows, verdicts);
    },
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
    if (this.#rules.has(ref)) throw nameTaken(rule.name);
    const { description, criteria, parameters } = rule;
    const definition = ruleOf(ref, rule.trigger, rule.action, { description, criteria, parameters, origin: 'user' });
    return withYaml(this.#set({ ...definition, state: 'active', problems: [] }));
  }

  #detail(ref: string): RuleDetail {
    const yaml = this.#texts.get(ref);
    const rule = this.#get(ref);
    return yaml === undefined ? withYaml(rule) : { ...rule, yaml };
  }

  #place(ref: ResourceRef | undefined): Pick<RuleDefinition, 'pack' | 'origin' | 'file'> {
    return ref ? this.#get(ref) : { pack: PackRef.parse('default'), origin: 'user', file: 'rule.yaml' };
  }

  #add(yaml: string): RuleDetail {
    const rule = readable(readRuleText(yaml, this.#place(undefined)));
    if (this.#rules.has(rule.ref)) throw nameTaken(rule.name);
    this.#texts.set(rule.ref, yaml);
    this.#set({
      ...rule,
      file: `/home/ada/.config/stormlet/rules/${rule.name}.yaml`,
      state: stateOf(rule),
      problems: [],
    });
    return this.#detail(rule.ref);
  }

  #save(ref: ResourceRef, yaml: string): RuleDetail {
    const rule = readable(readRuleText(yaml, this.#place(ref)));
    this.#texts.set(ref, yaml);
    this.#set({ ...rule, state: stateOf(rule), problems: [] });
    return this.#detail(ref);
  }

  #set(rule: RuleSummary): RuleSummary {
    this.#rules.set(rule.ref, rule);
    this.#emit('rules.changed', { ref: rule.ref, removed: false });
    return rule;
  }
}

function nameTaken(name: string): StormletError {
  return new StormletError({
    code: 'rule/name-taken',
    kind: 'user',
    message: `there is already a rule \`${name}\``,
    hint: 'choose another name',
  });
}

function stateOf({ enabled }: RuleDefinition): RuleSummary['state'] {
  return enabled ? 'active' : 'disabled';
}

function readable({ rule, problems }: RuleReading): RuleDefinition {
  const [first] = problems;
  if (rule) return rule;
  const text = first ? describeProblem(first) : 'this is no rule';
  throw new StormletError({ code: first?.code ?? 'rule/invalid', kind: 'user', message: text, details: [text] });
}
