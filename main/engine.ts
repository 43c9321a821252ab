import { type Broker, startBroker, type TriggerMessage } from './bus/broker.ts';
import type { Problem } from './contract/errors.ts';
import type { Execution } from './contract/executions.ts';
import type { PackRef } from './contract/refs.ts';
import type { Emit } from './contract/rpc.ts';
import { actionConnection } from './engine/action-connection.ts';
import { Announcer } from './engine/announcer.ts';
import { ApiDesk } from './engine/api-desk.ts';
import { buildAliases } from './engine/build-aliases.ts';
import { buildConfigs, type ConfigParts } from './engine/build-configs.ts';
import { buildDatastore } from './engine/build-datastore.ts';
import { buildExecutions } from './engine/build-executions.ts';
import { buildExpressions, type ExpressionParts } from './engine/build-expressions.ts';
import { buildHandlers } from './engine/build-handlers.ts';
import { buildIntake } from './engine/build-intake.ts';
import { buildNotices } from './engine/build-notices.ts';
import { buildOperations } from './engine/build-operations.ts';
import { buildPacks, INSTALLER_MARK, type PackParts, usesBase } from './engine/build-packs.ts';
import { buildPolicyBook } from './engine/build-policy-book.ts';
import { buildPythonProcesses } from './engine/build-python-processes.ts';
import { buildRuleBook } from './engine/build-rule-book.ts';
import { buildRunners } from './engine/build-runners.ts';
import { buildSensors, type SensorParts } from './engine/build-sensors.ts';
import { buildWorkflows, type WorkflowParts } from './engine/build-workflows.ts';
import { type DataFolders, dataFolders } from './engine/data-folders.ts';
import type { DatastoreDesk } from './engine/datastore-desk.ts';
import { DesktopFeatures } from './engine/desktop-features.ts';
import { endOrphans } from './engine/end-orphans.ts';
import { EngineState } from './engine/engine-state.ts';
import { EventSources } from './engine/event-sources.ts';
import { followChanges } from './engine/follow-changes.ts';
import { Housekeeping } from './engine/housekeeping.ts';
import { InquiryDesk } from './engine/inquiry-desk.ts';
import { joinStages } from './engine/join-stages.ts';
import type { NoticeDesk } from './engine/notice-desk.ts';
import type { NotifyDesk } from './engine/notify-desk.ts';
import { type OpenParts, openParts } from './engine/open-parts.ts';
import type { PolicyBook } from './engine/policy-book.ts';
import type { PrepareSources } from './engine/prepare-execution.ts';
import { rebuildRestored } from './engine/rebuild-restored.ts';
import { rememberProcess } from './engine/remember-process.ts';
import type { RuleBook } from './engine/rule-book.ts';
import { Submissions } from './engine/submissions.ts';
import { type VirtualenvTender, virtualenvTender } from './engine/tend-virtualenvs.ts';
import type { Executions } from './executions/executions.ts';
import type { Host } from './host.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import { recoverInstalls } from './packs/install/recover.ts';
import type { LoadedRule, Pack } from './packs/pack.ts';
import { onInstance, onMessage, onTurn, type Stages } from './pipeline.ts';
import { RpcServer } from './rpc/rpc-server.ts';
import type { PythonProcesses } from './runners/python-script/python-processes.ts';
import type { Runners } from './runners/run-action.ts';
import { endMarked } from './supervisor/end-leftovers.ts';
import { type RestartPolicy, SENSOR_RESTARTS } from './supervisor/restart-policy.ts';
import type { Intake } from './triggers/intake.ts';

/**
 * Builds every part once and joins them. A host brings what is the platform's, and gets an engine that answers the whole
 * contract. How two stages meet is in `engine/`; the order of the stages is in `pipeline.ts`.
 */
export type EngineOptions = { readonly clock?: Clock; readonly sensorRestarts?: RestartPolicy };

/** Resolves when events are taken in and sensors are being started. Disposing it stops all it started, in order. */
export async function startEngine(given: Host, options: EngineOptions = {}): Promise<Engine> {
  const clock = options.clock ?? systemClock;
  await using opened = new AsyncDisposableStack();
  const parts = await openParts(given, clock, opened);
  const { host, credentials } = parts;
  const broker = opened.use(
    await startBroker({
      port: host.settings.get().bus.port,
      credentials,
      log: host.log.scope('bus'),
      // No client has a credential before the engine is whole, so no message comes before it can be taken.
      onTriggerMessage: (message) => engine.onTriggerMessage(message),
      onTopicMessage: (message) => engine.events.receiveMqtt(message),
      onAlive: (client) => engine.events.deliveries.isAlive(client),
      onLeft: (client) => engine.events.deliveries.left(client),
      onReleased: (client, packet) => engine.events.deliveries.released(client, packet),
      onSensorReport: (sensor, body) => engine.sensors.onReport(sensor, body),
      onDatastoreCall: (caller, body) => engine.datastore.answer(caller, body),
    }),
  );
  const engine: Engine = new Engine({
    ...parts,
    clock,
    broker,
    restarts: options.sensorRestarts ?? SENSOR_RESTARTS,
    opened: opened.move(),
  });
  try {
    await engine.start();
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return engine;
}

type EngineDeps = OpenParts & {
  readonly clock: Clock;
  readonly broker: Broker;
  readonly restarts: RestartPolicy;
  /** What was opened for the engine and ends after it. */
  readonly opened: AsyncDisposableStack;
};

export class Engine implements AsyncDisposable {
  readonly rpc: RpcServer;
  /** StackStorm's API, and who may use it. */
  readonly api: ApiDesk;
  readonly stages: Stages;
  readonly sensors: SensorParts;
  /** What packs' processes ask for. */
  readonly datastore: DatastoreDesk;
  readonly events: EventSources;
  readonly #deps: EngineDeps;
  readonly #packs: PackParts;
  readonly #expressions: ExpressionParts;
  readonly #configs: ConfigParts;
  readonly #rules: RuleBook;
  readonly #policies: PolicyBook;
  readonly #desktop: DesktopFeatures;
  readonly #sources: PrepareSources;
  readonly #workflows: WorkflowParts;
  readonly #intake: Intake;
  readonly #executions: Executions;
  readonly #submissions: Submissions;
  readonly #desk: InquiryDesk;
  readonly #processes: PythonProcesses;
  readonly #announcer: Announcer;
  readonly #notices: NoticeDesk;
  readonly #notify: NotifyDesk;
  readonly #state: EngineState;
  readonly #housekeeping: Housekeeping;
  readonly #tender: VirtualenvTender;
  #following: Disposable | undefined;

  /** Builds the parts in the order of an event's path; nothing runs yet. */
  constructor(deps: EngineDeps) {
    const { host, clock, broker } = deps;
    const folders = dataFolders(host.folders);
    const emit: Emit = (event, payload) => this.rpc.emit(event, payload);
    this.#deps = deps;
    this.#announcer = new Announcer(broker, emit);
    this.api = new ApiDesk({
      ...deps,
      webhooks: () => this.events.webhooks,
      runners: () => this.#sources.runners,
    });
    this.#packs = buildPacks(host, clock);
    this.#tender = virtualenvTender(host, clock, this.#packs, (request) => this.#submissions.submit(request));
    this.#expressions = buildExpressions(host, clock, this.#packs.base, deps.datastore);
    this.#configs = buildConfigs({ ...deps, packs: this.#packs, expressions: this.#expressions });
    this.sensors = buildSensors({
      ...deps,
      folders,
      packs: this.#packs,
      announcer: this.#announcer,
      triggers: () => this.#rules.triggers(),
      apiEnvironment: (of) => this.api.environment(of),
      onSensor: (status) => this.#tender.sawSensor(status),
      events: () => this.events.internal,
      configs: this.#configs.configs,
    });
    this.#processes = buildPythonProcesses({ host, clock, folders, packs: this.#packs });
    this.#sources = {
      clock,
      runners: this.#buildRunners(folders),
      renderer: this.#expressions.expressions,
      action: (ref) => this.#packs.registry.action(ref),
      pack: (ref) => this.#packs.registry.get(ref),
      config: (pack) => this.#configs.configs.effective(pack),
    };
    this.#workflows = buildWorkflows({
      ...deps,
      sources: this.#sources,
      evaluator: this.#expressions.evaluator,
      apiUrl: () => this.api.server.addresses().packs,
      executions: () => this.#executions,
      onChange: (execution) => this.#onExecution(execution),
    });
    this.#rules = buildRuleBook(
      host,
      this.#packs,
      this.#sources.runners,
      {
        problemsOf: (rule) => this.#problemsOf(rule),
        onSwitched: (ref) => this.events.loops.resume(ref),
      },
      emit,
    );
    this.#policies = buildPolicyBook(host, this.#packs, emit, () => this.#executions.policiesChanged());
    const { registry } = this.#packs;
    this.#desktop = new DesktopFeatures({ host, clock, registry, rules: this.#rules, intake: () => this.#intake });
    this.#intake = buildIntake({
      ...deps,
      packs: this.#packs,
      rules: this.#rules,
      sensors: this.sensors,
      emit,
      onInstance: (instance) => onInstance(this.stages, instance),
    });
    this.events = new EventSources({
      ...deps,
      api: this.api,
      rules: this.#rules,
      intake: this.#intake,
      executions: () => this.#executions,
      tell: (title, body) => this.#notices.warn(title, body),
    });
    this.datastore = buildDatastore({ ...deps, events: this.events, configs: this.#configs, emit });
    this.#executions = buildExecutions({
      ...deps,
      policies: () => this.#policies.index,
      onTurn: (turn) => onTurn(this.stages, turn),
      onChange: (execution) => this.#onExecution(execution),
    });
    this.#submissions = new Submissions({
      ...deps,
      sources: this.#sources,
      executions: this.#executions,
      workflows: this.#workflows.host,
    });
    this.#desk = new InquiryDesk({
      ...deps,
      emit,
      onEnd: (execution) => this.#onExecution(execution),
      consider: (execution) => this.#notices.consider(execution),
    });
    const events = this.events;
    const telling = { ...this.#sources, announcer: this.#announcer, events, policies: this.#policies };
    const told = buildNotices({ ...deps, ...telling });
    ({ notices: this.#notices, notify: this.#notify } = told);
    this.stages = joinStages({
      ...deps,
      folders,
      sources: this.#sources,
      inherited: this.#workflows.inherited,
      rules: this.#rules,
      intake: this.#intake,
      executions: this.#executions,
      announcer: this.#announcer,
      api: this.api,
      emit,
      loops: this.events.loops,
      python: (pack) => this.#pythonOf(pack),
      onPythonFailed: (pack) => this.#tender.suspect(pack.ref),
      consider: (finished) => this.#notices.consider(finished),
    });
    this.#housekeeping = new Housekeeping(deps);
    this.#state = new EngineState({
      host,
      clock,
      busUrl: broker.url,
      packs: this.#packs,
      intake: this.#intake,
      executions: this.#executions,
      loopDelay: () => this.#housekeeping.loopDelay(),
      emit,
    });
    this.rpc = new RpcServer({
      log: host.log.scope('rpc'),
      clock,
      handlers: buildHandlers({
        ...deps,
        emit,
        packs: this.#packs,
        configs: this.#configs,
        sensors: this.sensors,
        rules: this.#rules,
        sources: this.#sources,
        policies: this.#policies,
        intake: this.#intake,
        events: this.events,
        executions: this.#executions,
        inquiries: this.#desk.inquiries,
        aliases: buildAliases({
          ...deps,
          packs: this.#packs,
          expressions: this.#expressions,
          submit: (request) => this.#submissions.submit(request),
        }),
        api: this.api,
        status: () => this.#state.read(),
        setPaused: (paused, until) => this.#state.setPaused(paused, until),
        submissions: this.#submissions,
        workflows: this.#workflows,
      }),
    });
  }

  /** Acknowledged when this has resolved. */
  async onTriggerMessage(message: TriggerMessage): Promise<void> {
    await onMessage(this.stages, { ...message, receipt: this.events.receiptOf(message) });
  }

  /** Reads the packs, then takes up what an earlier run left, then starts the sensors. */
  async start(): Promise<void> {
    const { host, store, keptLog } = this.#deps;
    keptLog.follow((lines) => this.rpc.emit('engine.logged', lines));
    this.#state.start();
    await endMarked(`${INSTALLER_MARK}=${host.folders.data}`);
    await recoverInstalls(this.#packs.installs, host.log.scope('packs'));
    await this.api.start(this.rpc);
    await this.#packs.base.start();
    await this.#packs.virtualenvs.start();
    await this.#packs.registry.start();
    await this.#tender.examine();
    await endOrphans(store.executions.processes(), host.log);
    this.#packs.base.ensure();
    this.#following = followChanges({
      packs: this.#packs,
      configs: this.#configs,
      rules: this.#rules,
      policies: this.#policies,
      sensors: this.sensors,
      settings: host.settings,
      log: host.log.scope('sensors'),
      emit: (event, payload) => this.rpc.emit(event, payload),
      onChanged: () => {
        this.#desktop.sync();
        this.events.sync();
        this.#executions.limitsChanged();
        this.#state.changed();
      },
    });
    this.#executions.recover();
    this.#desk.inquiries.start();
    this.#intake.lookOnDisk();
    this.#tender.start();
    this.#housekeeping.start();
    if (this.#deps.isRestored)
      await rebuildRestored(this.#packs.registry, (request) => this.#submissions.submit(request));
  }

  /** Sensors first, so that nothing new arrives; then what runs; the bus and the history last. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#following?.[Symbol.dispose]();
    this.#configs.configs[Symbol.dispose]();
    await this.#tender[Symbol.asyncDispose]();
    this.#desktop[Symbol.dispose]();
    this.events[Symbol.dispose]();
    await this.sensors[Symbol.asyncDispose]();
    this.#desk[Symbol.dispose]();
    this.#notices[Symbol.dispose]();
    this.#workflows.host[Symbol.dispose]();
    await this.#executions[Symbol.asyncDispose]();
    await this.api[Symbol.asyncDispose]();
    await this.#processes[Symbol.asyncDispose]();
    await this.#intake[Symbol.asyncDispose]();
    await this.#expressions.service[Symbol.asyncDispose]();
    await this.#packs.base[Symbol.asyncDispose]();
    await this.#packs.registry[Symbol.asyncDispose]();
    this.#state[Symbol.dispose]();
    await this.#housekeeping[Symbol.asyncDispose]();
    await this.#deps.opened.disposeAsync();
  }

  #buildRunners(folders: DataFolders): Runners {
    const { host } = this.#deps;
    return buildRunners({
      host,
      folders,
      operations: buildOperations({
        ...this.#deps,
        packs: this.#packs,
        intake: () => this.#intake,
        stopSensors: (which) => this.sensors.sensors.stop(which),
      }),
      processes: this.#processes,
      sharedSitePackages: this.#packs.sharedSitePackages,
      connection: (execution, pack) => actionConnection(this.#deps, execution, pack as PackRef),
      onStart: (execution, pid) => rememberProcess(this.#deps, execution, pid),
      announce: (route, payload) => this.#announcer.announcement(route, payload),
      runWorkflow: (runner, job, signal) => this.#workflows.run(runner, job, signal),
    });
  }

  #problemsOf(rule: LoadedRule): Problem[] {
    return [...this.#desktop.problems(rule.definition), ...this.events.problems(rule)];
  }

  #onExecution(execution: Execution): void {
    this.#announcer.execution(execution);
    this.#state.changed();
    this.#desk.follow(execution);
    this.events.internal.execution(execution);
    this.#workflows.host.follow(execution);
    this.#notify.follow(execution);
  }

  /** The first start builds the base environment; until then what might miss modules of it waits. */
  async #pythonOf(pack: Pack): Promise<string | undefined> {
    if (usesBase(pack)) return (await this.#packs.base.ready()).python;
    await this.#packs.base.settled();
    return this.#packs.virtualenvs.python(pack.ref);
  }
}
