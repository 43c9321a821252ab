import type { EngineStatus } from '../../main/contract/engine.ts';
import { describeProblem, StormletError } from '../../main/contract/errors.ts';
import { type Execution, isCompleted, type OutputChunk } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { Notice } from '../../main/contract/notices.ts';
import type { PackDetail } from '../../main/contract/packs.ts';
import { describeParameterProblems, resolveParameters } from '../../main/contract/parameter-spec.ts';
import { type ResourceRef, resourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { NewRule, RuleDetail, RuleSummary } from '../../main/contract/rules.ts';
import { maskSecrets } from '../../main/contract/secret-values.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';
import { Settings } from '../../main/contract/settings.ts';
import type { RuleVerdict, TriggerInstance } from '../../main/contract/triggers.ts';
import { fakeKeyHandlers } from '../support/fake-config.ts';
import { offersTo } from './fake-catalogue.ts';
import { FakeConfigs } from './fake-configs.ts';
import { fakeHistory, greeting, instanceOf, page } from './fake-history.ts';
import { fakeInquiries, waitingExecution } from './fake-inquiries.ts';
import { found } from './fake-lists.ts';
import { brokenPack, corePack, examplesPack, failedPack, packsPack, ruleOf, summaryOf } from './fake-packs.ts';
import { ownRules, UNREADABLE_RULE, withYaml } from './fake-rules.ts';
import { installScript, plainScript, type Script } from './fake-scripts.ts';
import { FAKE_CHECKS, fakeSensors, fakeStatus } from './fake-status.ts';

/** `first-run`: only what ships with the app. `full`: a used machine, with things that are broken. */
export type Scenario = 'first-run' | 'full';

export type FakeEngineDeps = {
  readonly emit: Emit;
  readonly scenario: Scenario /** Between two steps of a fake action. */;
  readonly paceMs: number;
};

/**
 * Answers the whole contract from memory, for the window alone. It keeps the contract's promises (every change has its
 * event, parameters are checked, secrets masked) and runs nothing.
 */
export class FakeEngine {
  readonly #deps: FakeEngineDeps;
  readonly #packs = new Map<string, PackDetail>();
  readonly #sensors = new Map<string, SensorStatus>();
  readonly #rules = new Map<string, RuleSummary>();
  readonly #executions: Execution[];
  readonly #instances: TriggerInstance[];
  readonly #verdicts: Map<string, RuleVerdict[]>;
  readonly #printed = new Map<string, OutputChunk[]>();
  readonly #notices: Notice[] = [];
  readonly #configs = new FakeConfigs((...event) => this.#deps.emit(...event));
  #settings = Settings.parse({});
  #status: EngineStatus;
  #lastId = 0;

  constructor(deps: FakeEngineDeps) {
    this.#deps = deps;
    const isFull = deps.scenario === 'full';
    this.#status = fakeStatus(!isFull);
    const history = fakeHistory(Date.now(), isFull ? 60 : 0);
    this.#executions = history.executions;
    if (isFull) this.#executions.push(waitingExecution('run-question', Date.now()));
    this.#instances = history.instances;
    this.#verdicts = history.verdicts;
    for (const pack of isFull
      ? [corePack(), packsPack(), examplesPack(), failedPack(), brokenPack()]
      : [corePack(), packsPack()])
      this.#addPack(pack);
    if (isFull) for (const rule of ownRules()) this.#rules.set(rule.ref, rule);
  }

  readonly handlers: Handlers = {
    engine: {
      status: () => this.#status,
      setPaused: ({ paused }) => this.#changeStatus({ paused }),
      doctor: () => FAKE_CHECKS,
    },
    packs: {
      ...this.#configs.handlers,
      list: () => [...this.#packs.values()].map((pack) => this.#configs.withMissing(summaryOf(pack))),
      get: ({ ref }) => this.#configs.withMissing(found(this.#packs.get(ref), `pack \`${ref}\``)),
      ...offersTo(this.#packs),
      setEnabled: ({ ref, enabled }) => {
        const pack = found(this.#packs.get(ref), `pack \`${ref}\``);
        const changed: PackDetail = { ...pack, enabled, state: enabled ? 'ready' : 'disabled' };
        this.#packs.set(ref, changed);
        this.#deps.emit('packs.changed', { ref, removed: false });
        return summaryOf(changed);
      },
    },
    sensors: {
      list: () => [...this.#sensors.values()],
      log: ({ ref }) => found(this.#sensors.get(ref), `sensor \`${ref}\``).recentOutput,
      setPaused: ({ ref, paused }) => {
        const { why: _, pid: __, usage: ___, ...sensor } = found(this.#sensors.get(ref), `sensor \`${ref}\``);
        const changed = paused
          ? { state: 'paused' as const, why: 'it was paused, and waits to be resumed' }
          : { state: 'running' as const, pid: 4711 };
        return this.#changeSensor({ ...sensor, ...changed });
      },
      restart: ({ ref }) => {
        const sensor = found(this.#sensors.get(ref), `sensor \`${ref}\``);
        const { why: _, ...rest } = sensor;
        return this.#changeSensor({
          ...rest,
          state: 'running',
          restarts: 0,
          pid: 4711,
          startedAt: new Date().toISOString(),
        });
      },
    },
    triggers: {
      types: () => [...this.#packs.values()].flatMap(({ triggerTypes }) => triggerTypes),
      emit: ({ trigger, payload }) => this.#receive(trigger, payload, 'window'),
      page: ({ trigger, status, before, limit }) =>
        page(
          this.#instances,
          before,
          limit,
          (row) => (!trigger || row.trigger === trigger) && (!status || status.includes(row.status)),
        ),
      get: ({ id }) => ({
        ...found(
          this.#instances.find((row) => row.id === id),
          `event \`${id}\``,
        ),
        verdicts: this.#verdicts.get(id) ?? [],
      }),
    },
    rules: {
      list: () => [...this.#rules.values()],
      problems: () => (this.#deps.scenario === 'full' ? [UNREADABLE_RULE] : []),
      get: ({ ref }) => withYaml(found(this.#rules.get(ref), `rule \`${ref}\``)),
      create: (rule) => this.#createRule(rule),
      save: ({ ref, yaml }) => this.#saveRule(ref, yaml),
      remove: ({ ref }) => {
        this.#rules.delete(ref);
        this.#deps.emit('rules.changed', { ref, removed: true });
      },
      setEnabled: ({ ref, enabled }) => {
        const rule = found(this.#rules.get(ref), `rule \`${ref}\``);
        return this.#setRule({ ...rule, enabled, state: enabled ? 'active' : 'disabled' });
      },
    },
    actions: {
      list: () => this.#actions(),
      get: ({ ref }) => this.#action(ref),
    },
    executions: {
      run: ({ action, parameters }) => this.#run(action, parameters),
      page: ({ action, status, triggerInstance, before, limit }) =>
        page(
          this.#executions,
          before,
          limit,
          (row) =>
            (!action || row.action === action) &&
            (!status || status.includes(row.status)) &&
            (!triggerInstance || row.context.triggerInstance === triggerInstance),
        ),
      get: ({ id }) => this.#execution(id),
      cancel: ({ id }) => {
        const execution = this.#execution(id);
        return isCompleted(execution.status)
          ? execution
          : this.#change(id, { status: 'canceled', endedAt: new Date().toISOString() });
      },
      output: ({ id }) => this.#printed.get(id) ?? [],
    },
    inquiries: fakeInquiries({
      executions: () => this.#executions,
      change: (id, patch) => this.#change(id, patch),
      emit: (event, payload) => this.#deps.emit(event, payload),
    }),
    notifications: { recent: () => [...this.#notices].reverse() },
    settings: {
      get: () => this.#settings,
      update: ({ notifications, executions, python, packs }) => {
        this.#settings = Settings.parse({
          ...this.#settings,
          notifications: { ...this.#settings.notifications, ...notifications },
          executions: { ...this.#settings.executions, ...executions },
          python: { ...this.#settings.python, ...python },
          packs: { ...this.#settings.packs, ...packs },
        });
        this.#deps.emit('settings.changed', this.#settings);
        return this.#settings;
      },
    },
    keys: { ...fakeKeyHandlers((...event) => this.#deps.emit(...event)) },
    bus: { url: () => ({ url: 'mqtt://user:password@127.0.0.1:1883' }) },
  };

  #addPack(pack: PackDetail): void {
    this.#packs.set(pack.ref, pack);
    for (const sensor of fakeSensors(pack)) this.#sensors.set(sensor.ref, sensor);
    for (const rule of pack.rules) this.#rules.set(rule.ref, { ...rule, state: 'active', problems: [] });
  }

  #removePack(ref: string): void {
    const pack = found(this.#packs.get(ref), `pack \`${ref}\``);
    this.#packs.delete(ref);
    for (const sensor of pack.sensors) this.#sensors.delete(sensor.ref);
    for (const rule of pack.rules) this.#rules.delete(rule.ref);
    this.#deps.emit('packs.changed', { ref: pack.ref, removed: true });
  }

  #actions() {
    return [...this.#packs.values()].flatMap(({ actions }) => actions);
  }

  #action(ref: ResourceRef) {
    return found(
      this.#actions().find((action) => action.ref === ref),
      `action \`${ref}\``,
    );
  }

  #execution(id: string): Execution {
    return found(
      this.#executions.find((row) => row.id === id),
      `execution \`${id}\``,
    );
  }

  #run(ref: ResourceRef, given: JsonObject): Execution {
    const action = this.#action(ref);
    const { values, problems } = resolveParameters(action.parameters, given);
    if (problems.length > 0)
      throw new StormletError({
        code: 'action/parameter-invalid',
        kind: 'user',
        message: describeParameterProblems(problems),
      });
    const now = new Date().toISOString();
    const execution: Execution = {
      id: this.#newId(),
      action: ref,
      runner: action.runner,
      status: 'running',
      parameters: maskSecrets(action.parameters, values),
      context: { source: 'window' },
      createdAt: now,
      startedAt: now,
      steps: [],
    };
    this.#executions.push(execution);
    this.#deps.emit('executions.changed', execution);
    void this.#play(execution.id, this.#scriptOf(ref, values));
    return execution;
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
    this.#deps.emit('packs.changed', { ref: pack.ref, removed: false });
    for (const sensor of this.#sensors.values()) this.#deps.emit('sensors.changed', sensor);
    this.#changeStatus({ firstRun: false });
  }

  #drop(): void {
    const file = { path: '/home/ada/Drop/hello.txt', size: 5 };
    const trigger = resourceRef(examplesPack().ref, 'file_created');
    const instance = this.#receive(trigger, file, 'sensor:examples.FolderSensor');
    const execution = greeting(this.#newId(), instance.id, file, Date.now(), 'running');
    this.#executions.push(execution);
    this.#deps.emit('executions.changed', execution);
    const rule = resourceRef(examplesPack().ref, 'greet_new_file');
    this.#verdicts.set(instance.id, [{ rule, matched: true, execution: execution.id }]);
    void this.#play(execution.id, plainScript('Hello hello.txt, you are 5 Bytes.'));
  }

  #receive(trigger: string, payload: JsonObject, source: string): TriggerInstance {
    const instance = instanceOf(this.#newId(), trigger, payload, Date.now(), source);
    this.#instances.push(instance);
    this.#deps.emit('triggers.changed', instance);
    return instance;
  }

  async #play(id: string, script: Script): Promise<void> {
    for (const beat of script.beats) {
      await new Promise((resolve) => setTimeout(resolve, this.#deps.paceMs));
      if (isCompleted(this.#execution(id).status)) return;
      if (beat.prints) this.#print({ execution: id, stream: beat.stream ?? 'stdout', text: beat.prints });
      if (beat.steps) this.#change(id, { steps: beat.steps });
    }
    const stdout = (this.#printed.get(id) ?? []).map(({ text }) => text).join('');
    const result = { result: script.result, stdout, stderr: '', exit_code: 0 };
    const ended = this.#change(id, { status: 'succeeded', endedAt: new Date().toISOString(), result });
    script.onEnd?.();
    this.#tell(ended, script.result);
  }

  #print(chunk: OutputChunk): void {
    this.#printed.set(chunk.execution, [...(this.#printed.get(chunk.execution) ?? []), chunk]);
    this.#deps.emit('executions.printed', chunk);
  }

  #tell(execution: Execution, result: string): void {
    const notice: Notice = {
      id: this.#newId(),
      at: new Date().toISOString(),
      level: 'success',
      title: `${execution.action} succeeded`,
      body: result,
      source: execution.context.source,
      execution: execution.id,
    };
    this.#notices.push(notice);
    this.#deps.emit('notifications.posted', notice);
  }

  #change(id: string, patch: Partial<Execution>): Execution {
    const index = this.#executions.findIndex((row) => row.id === id);
    const changed = { ...this.#execution(id), ...patch };
    this.#executions[index] = changed;
    this.#deps.emit('executions.changed', changed);
    return changed;
  }

  #changeStatus(patch: Partial<EngineStatus>): EngineStatus {
    this.#status = { ...this.#status, ...patch };
    this.#deps.emit('engine.changed', this.#status);
    return this.#status;
  }

  #changeSensor(sensor: SensorStatus): SensorStatus {
    this.#sensors.set(sensor.ref, sensor);
    this.#deps.emit('sensors.changed', sensor);
    return sensor;
  }

  #createRule(rule: NewRule): RuleDetail {
    const ref = `default.${rule.name}`;
    if (this.#rules.has(ref))
      throw new StormletError({
        code: 'rule/exists',
        kind: 'user',
        message: `there is a rule \`${rule.name}\` already`,
      });
    const { description, criteria, parameters } = rule;
    const definition = ruleOf(ref, rule.trigger, rule.action, { description, criteria, parameters, origin: 'user' });
    return withYaml(this.#setRule({ ...definition, state: 'active', problems: [] }));
  }

  #saveRule(ref: ResourceRef, yaml: string): RuleDetail {
    const rule = found(this.#rules.get(ref), `rule \`${ref}\``);
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
    this.#setRule(rule);
    return { ...rule, yaml };
  }

  #setRule(rule: RuleSummary): RuleSummary {
    this.#rules.set(rule.ref, rule);
    this.#deps.emit('rules.changed', { ref: rule.ref, removed: false });
    return rule;
  }

  #newId(): string {
    this.#lastId += 1;
    return `run-${String(200_000 + this.#lastId)}`;
  }
}
