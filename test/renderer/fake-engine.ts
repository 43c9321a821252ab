import type { EngineStatus } from '../../main/contract/engine.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ActionDefinition, PackDetail } from '../../main/contract/packs.ts';
import { type ResourceRef, resourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import { fakeAlias, fakeAliasHandlers } from '../support/fake-aliases.ts';
import { fakeApiHandlers } from '../support/fake-api.ts';
import { fakeKeyHandlers } from '../support/fake-config.ts';
import { fakeFileHandlers } from '../support/fake-files.ts';
import { fakePolicyHandlers } from '../support/fake-policies.ts';
import { fakeBackups } from './fake-backups.ts';
import { offersTo } from './fake-catalogue.ts';
import { FakeConfigs } from './fake-configs.ts';
import { FakeEvents } from './fake-events.ts';
import { FakeExecutions } from './fake-executions.ts';
import { fakeFiles } from './fake-files-of.ts';
import { fakeHistory, greeting } from './fake-history.ts';
import { fakeInquiries, waitingExecution } from './fake-inquiries.ts';
import { found } from './fake-lists.ts';
import { brokenPack, corePack, examplesPack, failedPack, packsPack, summaryOf } from './fake-packs.ts';
import { boundedExecutions, fakePolicies } from './fake-policies.ts';
import { FakeRules } from './fake-rules.ts';
import { installScript, plainScript, type Script } from './fake-scripts.ts';
import { FakeSensors } from './fake-sensors.ts';
import { fakeSettings } from './fake-settings.ts';
import { FAKE_CHECKS, FAKE_KEYS, FAKE_LOG, fakeStatus } from './fake-status.ts';
import { fakeWorkflows, workflowExecutions } from './fake-workflows.ts';

/** `first-run`: only what ships with the app. `full`: a used machine, with things that are broken. */
export type Scenario = 'first-run' | 'full';

export type FakeEngineDeps = {
  readonly emit: Emit;
  readonly scenario: Scenario;
  /** Between two steps of a fake action. */
  readonly paceMs: number;
};

const ALIASES = [
  fakeAlias('core.run_here', 'core.local', 'run {{ cmd }}'),
  fakeAlias('core.echo_it', 'core.echo', 'echo {{ message }}'),
];

/**
 * Answers the whole contract from memory, for the window alone. It keeps the contract's promises (every change has its
 * event, parameters are checked, secrets masked) and runs nothing. Each group of the contract is a file of its own.
 */
export class FakeEngine {
  readonly #emit: Emit;
  readonly #isFull: boolean;
  readonly #packs = new Map<string, PackDetail>();
  readonly #sensors: FakeSensors;
  readonly #rules: FakeRules;
  readonly #executions: FakeExecutions;
  readonly #events: FakeEvents;
  readonly #configs: FakeConfigs;
  #status: EngineStatus;
  #lastId = 0;
  readonly handlers: Handlers;

  constructor({ emit, scenario, paceMs }: FakeEngineDeps) {
    const isFull = scenario === 'full';
    const newId = () => this.#newId();
    this.#emit = emit;
    this.#isFull = isFull;
    this.#status = fakeStatus(!isFull);
    this.#configs = new FakeConfigs(emit);
    this.#sensors = new FakeSensors(emit);
    this.#rules = new FakeRules(emit, isFull, () => this.#events);
    this.#executions = new FakeExecutions({
      emit,
      paceMs,
      newId,
      action: (ref) => this.#action(ref),
      scriptOf: (ref, values) => this.#scriptOf(ref, values),
    });
    const types = () => [...this.#packs.values()].flatMap(({ triggerTypes }) => triggerTypes);
    this.#events = new FakeEvents({ emit, newId, types, executions: this.#executions });
    this.#fill(isFull);
    this.handlers = this.#handlers();
  }

  #fill(isFull: boolean): void {
    const history = fakeHistory(Date.now(), isFull ? 60 : 0);
    this.#executions.rows.push(...history.executions);
    if (isFull) {
      const now = Date.now();
      // Rows are in the order of their times.
      this.#executions.rows.unshift(...boundedExecutions(now));
      this.#executions.rows.push(...workflowExecutions(now), waitingExecution('run-question', now));
    }
    this.#events.rows.push(...history.instances);
    for (const [id, verdicts] of history.verdicts) this.#events.verdicts.set(id, verdicts);
    const others = isFull ? [examplesPack(), failedPack(), brokenPack()] : [];
    for (const pack of [corePack(), packsPack(), ...others]) this.#addPack(pack);
  }

  #handlers(): Handlers {
    const emit = this.#emit;
    const executions = this.#executions;
    return {
      engine: {
        status: () => this.#status,
        setPaused: ({ paused, until }) => this.#changeStatus({ paused, pausedUntil: paused ? until : undefined }),
        doctor: () => FAKE_CHECKS,
        log: () => FAKE_LOG,
      },
      packs: this.#packHandlers(),
      sensors: this.#sensors.handlers,
      triggers: this.#events.handlers,
      traces: this.#events.traceHandlers,
      rules: this.#rules.handlers,
      policies: fakePolicyHandlers(emit, this.#isFull ? fakePolicies() : []),
      actions: { list: () => this.#actions(), get: ({ ref }) => this.#action(ref) },
      workflows: fakeWorkflows,
      aliases: fakeAliasHandlers(ALIASES, (action, parameters) => executions.run(action, parameters)),
      executions: executions.handlers,
      inquiries: fakeInquiries({
        executions: () => executions.rows,
        change: (id, patch) => executions.change(id, patch),
        emit,
      }),
      notifications: { recent: () => [...executions.notices].reverse() },
      settings: fakeSettings(emit),
      files: fakeFileHandlers((ref) => fakeFiles([...this.#packs.values()], ref)),
      keys: fakeKeyHandlers(emit, this.#isFull ? FAKE_KEYS : []),
      backup: fakeBackups(),
      bus: {
        url: () => ({ url: 'mqtt://user:password@127.0.0.1:1883' }),
        keys: () => [],
        createKey: (key) => ({
          ...key,
          createdAt: '2026-01-01T00:00:00.000Z',
          password: 'password',
          url: 'mqtt://127.0.0.1:1883',
        }),
        deleteKey: () => {},
      },
      ...fakeApiHandlers(),
    };
  }

  #packHandlers(): Handlers['packs'] {
    return {
      ...this.#configs.handlers,
      list: () => [...this.#packs.values()].map((pack) => this.#configs.withMissing(summaryOf(pack))),
      get: ({ ref }) => this.#configs.withMissing(this.#pack(ref)),
      ...offersTo(this.#packs),
      setEnabled: ({ ref, enabled }) => {
        const changed: PackDetail = { ...this.#pack(ref), enabled, state: enabled ? 'ready' : 'disabled' };
        this.#packs.set(ref, changed);
        this.#emit('packs.changed', { ref, removed: false });
        return summaryOf(changed);
      },
    };
  }

  #pack(ref: string): PackDetail {
    return found(this.#packs.get(ref), `pack \`${ref}\``);
  }

  #addPack(pack: PackDetail): void {
    this.#packs.set(pack.ref, pack);
    this.#sensors.add(pack);
    this.#rules.add(pack);
  }

  #removePack(ref: string): void {
    const pack = this.#pack(ref);
    this.#packs.delete(ref);
    this.#sensors.remove(pack);
    this.#rules.remove(pack);
    this.#emit('packs.changed', { ref: pack.ref, removed: true });
  }

  #actions(): ActionDefinition[] {
    return [...this.#packs.values()].flatMap(({ actions }) => actions);
  }

  #action(ref: ResourceRef): ActionDefinition {
    return found(
      this.#actions().find((action) => action.ref === ref),
      `action \`${ref}\``,
    );
  }

  #scriptOf(ref: ResourceRef, values: JsonObject): Script {
    const [source = ''] = Array.isArray(values.packs) ? values.packs.map(String) : [];
    if (ref === 'packs.install') return installScript(source, () => this.#install(source));
    if (ref === 'packs.uninstall') return { ...plainScript('removed'), onEnd: () => this.#removePack(source) };
    if (ref === 'examples.drop_file') return { ...plainScript('/home/ada/Drop/hello.txt'), onEnd: () => this.#drop() };
    return plainScript(`${String(values.message ?? values.cmd ?? 'done')}`);
  }

  #install(source: string): void {
    const name = source.slice(source.lastIndexOf('/') + 1);
    const pack = { ...examplesPack(), ...(name !== 'examples' && { name }) };
    this.#addPack(pack);
    this.#emit('packs.changed', { ref: pack.ref, removed: false });
    this.#sensors.announce();
    this.#changeStatus({ firstRun: false });
  }

  #drop(): void {
    const file = { path: '/home/ada/Drop/hello.txt', size: 5 };
    const trigger = resourceRef(examplesPack().ref, 'file_created');
    const instance = this.#events.receive(trigger, file, 'sensor:examples.FolderSensor');
    const execution = greeting(this.#newId(), instance.id, file, Date.now(), 'running');
    const rule = resourceRef(examplesPack().ref, 'greet_new_file');
    this.#events.verdicts.set(instance.id, [{ rule, matched: true, execution: execution.id }]);
    this.#executions.begin(execution, plainScript('Hello hello.txt, you are 5 Bytes.'));
  }

  #changeStatus(patch: Partial<EngineStatus>): EngineStatus {
    this.#status = { ...this.#status, ...patch };
    this.#emit('engine.changed', this.#status);
    return this.#status;
  }

  #newId(): string {
    this.#lastId += 1;
    return `run-${String(200_000 + this.#lastId)}`;
  }
}
