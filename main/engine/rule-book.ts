import { readFile } from 'node:fs/promises';
import { type Checked, type Problem, StormletError } from '../contract/errors.ts';
import type { RuleDefinition } from '../contract/packs.ts';
import { packOf, type ResourceRef } from '../contract/refs.ts';
import type { RuleSummary } from '../contract/rules.ts';
import type { Trigger } from '../contract/triggers.ts';
import { type LoadedRule, USER_RULES_PACK } from '../packs/pack.ts';
import type { RuleEditing } from '../rpc/handlers/rules.ts';
import { type CompiledRule, compileRule, isBroken } from '../rules/compile-rule.ts';
import { refusedRule } from '../rules/rule-file.ts';
import { indexRules, type RuleIndex } from '../rules/rule-index.ts';
import { NO_RULES, type RuleSet } from '../rules/rule-set.ts';
import { STOPPED } from './loop-breaker.ts';

/**
 * The rules as they stand now: those of packs and the user's own, each with its switch and its problems. Made again
 * whenever packs, rules or switches change; what the rules stage asks is the list of active ones.
 */
export type RuleBookDeps = {
  loaded(): readonly LoadedRule[];
  /** Rule files that could not be read at all. */
  problems(): readonly Problem[];
  /** A text as the rule file of that pack that it might be. */
  load(text: string, place: Pick<RuleDefinition, 'pack' | 'origin' | 'file'>): Checked<LoadedRule>;
  /** Unknown trigger types and actions, wrong parameters: what only the other packs can tell. */
  check(rule: LoadedRule): readonly Problem[];
  /** The trigger that a rule asks for, where its type has parameters. */
  trigger(rule: RuleDefinition): Trigger | undefined;
  /** The user's switches over packs' own rules. */
  readonly switches: { get(): Readonly<Record<string, boolean>>; set(ref: ResourceRef, enabled: boolean): void };
  readonly files: RuleFiles;
  /** Reads the user's rules from disk again, and with them this book. */
  reload(): Promise<void>;
  /** The person switches a rule or writes it anew, whatever the app thinks of it. */
  onSwitched(ref: ResourceRef): void;
  onChange(ref: ResourceRef, removed: boolean): void;
};

/** A rule's text as it would be read. Without `compiled` it could not be. */
export type RuleDraft = {
  readonly ref: ResourceRef | undefined;
  readonly problems: readonly Problem[];
  readonly compiled?: CompiledRule;
  /** The trigger whose events it would be asked about. */
  readonly trigger: string;
};

/** Writing the user's rule files; see `rules/rule-file.ts`. */
export type RuleFiles = {
  create(rule: Parameters<RuleEditing['create']>[0]): Promise<void>;
  /** A new file for the text, by the name in it. */
  add(name: string, yaml: string): Promise<void>;
  /** Throws, with file and line, when the text makes no rule. */
  save(file: string, yaml: string): Promise<void>;
  setEnabled(file: string, enabled: boolean): Promise<void>;
  remove(file: string): Promise<void>;
};

export class RuleBook implements RuleEditing {
  readonly #deps: RuleBookDeps;
  #rules = new Map<ResourceRef, RuleSummary>();
  #index: RuleIndex = new Map();
  /** Those with parameters that rules ask for. */
  #triggers: ReadonlyMap<string, Trigger> = new Map();
  /** Also of those that no rule asks for any more: a sensor's last events of them may still be on their way. */
  readonly #typeOf = new Map<string, ResourceRef>();
  /** Compiling a regular expression takes a while, and most rules are the same at the next reading. */
  readonly #compiled = new WeakMap<LoadedRule, CompiledRule>();

  constructor(deps: RuleBookDeps) {
    this.#deps = deps;
  }

  /** Announces each rule that came, changed or went. */
  refresh(): void {
    const before = this.#rules;
    const switches = this.#deps.switches.get();
    const compiled = this.#deps.loaded().map((rule) => this.#compile(rule, switches[rule.definition.ref]));
    // A rule that is switched off has no sensor watch a folder or ask a server for it.
    const triggers = compiled.map((rule) =>
      rule.definition.enabled && !isBroken(rule.problems) ? this.#deps.trigger(rule.definition) : undefined,
    );
    const byRule = new Map(compiled.map((rule, index) => [rule, triggers[index]]));
    this.#index = indexRules(compiled, (rule) => byRule.get(rule)?.ref);
    this.#triggers = new Map(triggers.flatMap((trigger) => (trigger ? [[trigger.ref, trigger]] : [])));
    for (const { ref, type } of this.#triggers.values()) this.#typeOf.set(ref, type);
    this.#rules = new Map(compiled.map((rule) => [rule.definition.ref, summarize(rule)]));
    for (const [ref, rule] of this.#rules) {
      if (JSON.stringify(before.get(ref)) !== JSON.stringify(rule)) this.#deps.onChange(ref, false);
    }
    for (const ref of before.keys()) if (!this.#rules.has(ref)) this.#deps.onChange(ref, true);
  }

  /** The rules that an event of this trigger is to be held against. */
  on(trigger: string): RuleSet {
    return this.#index.get(trigger) ?? NO_RULES;
  }

  /** Each once, however many rules ask for it. */
  triggers(): Trigger[] {
    return [...this.#triggers.values()];
  }

  /** The one that this rule asks for, where its type has parameters; also of a rule that is switched off. */
  triggerOf(rule: RuleDefinition): Trigger | undefined {
    return this.#deps.trigger(rule);
  }

  /** The type of a trigger, which is mostly the trigger itself. */
  typeOf(trigger: string): ResourceRef {
    return this.#typeOf.get(trigger) ?? (trigger as ResourceRef);
  }

  list(): RuleSummary[] {
    return [...this.#rules.values()];
  }

  problems(): readonly Problem[] {
    return this.#deps.problems();
  }

  async detail(ref: ResourceRef) {
    const rule = this.#rule(ref);
    return { ...rule, yaml: await readFile(rule.file, 'utf8') };
  }

  draft(yaml: string, ref: ResourceRef | undefined): RuleDraft {
    const saved = ref === undefined ? undefined : this.#rule(ref);
    const { value, problems } = this.#deps.load(yaml, saved ?? NEW_RULE);
    if (!value) return { ref, problems, trigger: '' };
    const compiled = this.#compile(value, undefined);
    const { definition } = value;
    const trigger = this.#deps.trigger(definition)?.ref ?? definition.trigger.type;
    return { ref, problems: compiled.problems, compiled, trigger };
  }

  async add(yaml: string) {
    const { value, problems } = this.#deps.load(yaml, NEW_RULE);
    if (!value) throw refusedRule(problems);
    await this.#deps.files.add(value.definition.name, yaml);
    await this.#deps.reload();
    return this.detail(value.definition.ref);
  }

  async create(rule: Parameters<RuleEditing['create']>[0]) {
    await this.#deps.files.create(rule);
    await this.#deps.reload();
    return this.detail(`default.${rule.name}` as ResourceRef);
  }

  async save(ref: ResourceRef, yaml: string) {
    const { file } = this.#ownRule(ref);
    await this.#deps.files.save(file, yaml);
    this.#deps.onSwitched(ref);
    await this.#deps.reload();
    // The text may have given the rule another name.
    const saved = this.list().find((rule) => rule.file === file);
    return this.detail(saved?.ref ?? ref);
  }

  async remove(ref: ResourceRef): Promise<void> {
    await this.#deps.files.remove(this.#ownRule(ref).file);
    this.#deps.onSwitched(ref);
    await this.#deps.reload();
  }

  async setEnabled(ref: ResourceRef, enabled: boolean): Promise<RuleSummary> {
    const rule = this.#rule(ref);
    this.#deps.onSwitched(ref);
    if (rule.origin === 'user') {
      await this.#deps.files.setEnabled(rule.file, enabled);
      await this.#deps.reload();
    } else {
      this.#deps.switches.set(ref, enabled);
      this.refresh();
    }
    return this.#rule(ref);
  }

  #compile(loaded: LoadedRule, switched: boolean | undefined): CompiledRule {
    const { definition } = loaded;
    const enabled = definition.origin === 'pack' ? (switched ?? definition.enabled) : definition.enabled;
    const compiled = this.#compiled.get(loaded) ?? compileRule(definition);
    this.#compiled.set(loaded, compiled);
    const problems = [...loaded.problems, ...compiled.problems, ...this.#deps.check(loaded)];
    // Shown as off, so that one click, or one command, has it go on.
    const isStopped = problems.some(({ code }) => code === STOPPED);
    return { definition: { ...definition, enabled: enabled && !isStopped }, criteria: compiled.criteria, problems };
  }

  #rule(ref: ResourceRef): RuleSummary {
    const rule = this.#rules.get(ref);
    if (rule) return rule;
    throw new StormletError({
      code: 'rule/unknown',
      kind: 'user',
      message: `there is no rule \`${ref}\``,
      hint: 'see the names with `stormlet rule list`',
    });
  }

  #ownRule(ref: ResourceRef): RuleSummary {
    const rule = this.#rule(ref);
    if (rule.origin === 'user') return rule;
    throw new StormletError({
      code: 'rule/not-yours',
      kind: 'user',
      message: `\`${ref}\` belongs to the pack \`${packOf(ref)}\`, so it can only be switched on and off`,
      hint: `copy it into a rule of your own; it is in ${rule.file}`,
    });
  }
}

/** Where a rule that has no file yet would have one. */
const NEW_RULE = { pack: USER_RULES_PACK, origin: 'user', file: 'rule.yaml' } as const;

function summarize({ definition, problems }: CompiledRule): RuleSummary {
  const state = isBroken(problems) ? 'broken' : definition.enabled ? 'active' : 'disabled';
  return { ...definition, state, problems: [...problems] };
}
