import { readFile } from 'node:fs/promises';
import { type Problem, StormletError } from '../contract/errors.ts';
import type { NewPolicy, PolicyDefinition, PolicyDetail, PolicySummary } from '../contract/policies.ts';
import { packOf, type ResourceRef } from '../contract/refs.ts';
import { indexPolicies, NO_POLICIES, type PolicyIndex } from '../executions/policy-index.ts';
import type { LoadedPolicy } from '../packs/pack.ts';
import type { PolicyEditing } from '../rpc/handlers/policies.ts';

export type PolicyBookDeps = {
  loaded(): readonly LoadedPolicy[];
  /** Policy files that could not be read at all. */
  problems(): readonly Problem[];
  hasAction(ref: ResourceRef): boolean;
  /** The user's switches over packs' own policies. */
  readonly switches: { get(): Readonly<Record<string, boolean>>; set(ref: ResourceRef, enabled: boolean): void };
  readonly files: {
    create(policy: NewPolicy): Promise<void>;
    /** Throws, with file and line, when the text makes no policy. */
    save(file: string, yaml: string): Promise<void>;
    setEnabled(file: string, enabled: boolean): Promise<void>;
    remove(file: string): Promise<void>;
  };
  /** Reads the user's files from disk again, and with them this book. */
  reload(): Promise<void>;
  onChange(ref: ResourceRef, removed: boolean): void;
  /** Those in force are others than before. */
  onEffect(): void;
};

/** The policies as they stand now: those of packs and the user's own, each with its switch and its problems. */
export class PolicyBook implements PolicyEditing {
  readonly #deps: PolicyBookDeps;
  #policies = new Map<ResourceRef, PolicySummary>();
  #inForce = '[]';
  #index: PolicyIndex = NO_POLICIES;

  constructor(deps: PolicyBookDeps) {
    this.#deps = deps;
  }

  get index(): PolicyIndex {
    return this.#index;
  }

  /** Announces each policy that came, changed or went. */
  refresh(): void {
    const before = this.#policies;
    const switches = this.#deps.switches.get();
    const now = this.#deps.loaded().map((policy) => this.#summarize(policy, switches[policy.definition.ref]));
    this.#policies = new Map(now.map((policy) => [policy.ref, policy]));
    for (const [ref, policy] of this.#policies) {
      if (JSON.stringify(before.get(ref)) !== JSON.stringify(policy)) this.#deps.onChange(ref, false);
    }
    for (const ref of before.keys()) if (!this.#policies.has(ref)) this.#deps.onChange(ref, true);
    this.#enforce(now.filter(({ state }) => state === 'active'));
  }

  list(): PolicySummary[] {
    return [...this.#policies.values()];
  }

  problems(): readonly Problem[] {
    return this.#deps.problems();
  }

  async detail(ref: ResourceRef): Promise<PolicyDetail> {
    const policy = this.#policy(ref);
    return { ...policy, yaml: await readFile(policy.file, 'utf8') };
  }

  async create(policy: NewPolicy): Promise<PolicyDetail> {
    await this.#deps.files.create(policy);
    await this.#deps.reload();
    return this.detail(`default.${policy.name}` as ResourceRef);
  }

  async save(ref: ResourceRef, yaml: string): Promise<PolicyDetail> {
    const { file } = this.#own(ref);
    await this.#deps.files.save(file, yaml);
    await this.#deps.reload();
    // The text may have given it another name.
    return this.detail(this.list().find((policy) => policy.file === file)?.ref ?? ref);
  }

  async remove(ref: ResourceRef): Promise<void> {
    await this.#deps.files.remove(this.#own(ref).file);
    await this.#deps.reload();
  }

  async setEnabled(ref: ResourceRef, enabled: boolean): Promise<PolicySummary> {
    const { origin, file } = this.#policy(ref);
    if (origin === 'user') {
      await this.#deps.files.setEnabled(file, enabled);
      await this.#deps.reload();
    } else {
      this.#deps.switches.set(ref, enabled);
      this.refresh();
    }
    return this.#policy(ref);
  }

  #enforce(active: readonly PolicyDefinition[]): void {
    const inForce = JSON.stringify(
      active.map(({ ref, resource, type, parameters }) => [ref, resource, type, parameters]),
    );
    if (inForce === this.#inForce) return;
    this.#inForce = inForce;
    this.#index = indexPolicies(active);
    this.#deps.onEffect();
  }

  #summarize({ definition, problems, resourceLine }: LoadedPolicy, switched: boolean | undefined): PolicySummary {
    const enabled = definition.origin === 'pack' ? (switched ?? definition.enabled) : definition.enabled;
    const isBroken = problems.some(({ severity }) => severity === 'error');
    const state = isBroken ? 'broken' : enabled ? 'active' : 'disabled';
    const all = [...problems, ...this.#unknownAction(definition, resourceLine)];
    return { ...definition, enabled, state, problems: all };
  }

  /** No error: its pack may come yet, and then it holds. */
  #unknownAction({ resource, file }: PolicyDefinition, line: number): Problem[] {
    if (this.#deps.hasAction(resource)) return [];
    const message = `no loaded pack has the action \`${resource}\``;
    return [{ severity: 'warning', code: 'policy/action-unknown', message, file, line }];
  }

  #policy(ref: ResourceRef): PolicySummary {
    const policy = this.#policies.get(ref);
    if (policy) return policy;
    throw new StormletError({
      code: 'policy/unknown',
      kind: 'user',
      message: `there is no policy \`${ref}\``,
      hint: 'see the names with `stormlet policy list`',
    });
  }

  #own(ref: ResourceRef): PolicySummary {
    const policy = this.#policy(ref);
    if (policy.origin === 'user') return policy;
    throw new StormletError({
      code: 'policy/not-yours',
      kind: 'user',
      message: `\`${ref}\` belongs to the pack \`${packOf(ref)}\`, so it can only be switched on and off`,
      hint: `make a policy of your own; it is in ${policy.file}`,
    });
  }
}
