import type { Broker } from '../bus/broker.ts';
import type { Credentials } from '../bus/credentials.ts';
import type { CatalogueSearch } from '../contract/catalogue.ts';
import type { EngineStatus } from '../contract/engine.ts';
import type { PackRef } from '../contract/refs.ts';
import type { Emit, Handlers } from '../contract/rpc.ts';
import type { TriggerInstanceDetail } from '../contract/triggers.ts';
import { runDoctor } from '../doctor.ts';
import type { Executions } from '../executions/executions.ts';
import type { Inquiries } from '../executions/inquiries.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import { BUILT_IN_PACKS } from '../packs/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import { listCatalogue, stateOf } from '../packs/sources/list-catalogue.ts';
import { whatBroke } from '../packs/virtualenvs/base-python.ts';
import { aliasHandlers } from '../rpc/handlers/aliases.ts';
import { backupHandlers } from '../rpc/handlers/backup.ts';
import { busHandlers, engineHandlers, settingsHandlers } from '../rpc/handlers/engine.ts';
import { executionHandlers, notificationHandlers, traceHandlers, triggerHandlers } from '../rpc/handlers/events.ts';
import { fileHandlers } from '../rpc/handlers/files.ts';
import { inquiryHandlers } from '../rpc/handlers/inquiries.ts';
import { keyHandlers } from '../rpc/handlers/keys.ts';
import { actionHandlers, packHandlers, sensorHandlers } from '../rpc/handlers/packs.ts';
import { policyHandlers } from '../rpc/handlers/policies.ts';
import { ruleHandlers } from '../rpc/handlers/rules.ts';
import { workflowHandlers } from '../rpc/handlers/workflows.ts';
import { expandVerdicts } from '../rules/expand-verdicts.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import type { Store } from '../store/store.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { runProgram } from '../supervisor/run-program.ts';
import type { Intake } from '../triggers/intake.ts';
import type { AliasDesk } from './alias-desk.ts';
import type { ApiDesk } from './api-desk.ts';
import { BackupDesk } from './backup-desk.ts';
import type { ConfigParts } from './build-configs.ts';
import type { PackParts } from './build-packs.ts';
import type { SensorParts } from './build-sensors.ts';
import type { WorkflowParts } from './build-workflows.ts';
import { BusKeys } from './bus-keys.ts';
import { tellChanges } from './datastore-changes.ts';
import { EditorDesk } from './editor-desk.ts';
import type { EventSources } from './event-sources.ts';
import { matchingOf } from './join-stages.ts';
import type { KeptLog } from './kept-log.ts';
import type { PolicyBook } from './policy-book.ts';
import type { PrepareSources } from './prepare-execution.ts';
import { readTrace } from './read-trace.ts';
import type { RuleBook } from './rule-book.ts';
import { RuleLab } from './rule-lab.ts';
import type { Submissions } from './submissions.ts';

/** Answers the whole contract from the engine's parts; what each answer is, `rpc/handlers` says. */
export function buildHandlers(parts: {
  readonly host: Host;
  readonly store: Store;
  readonly keptLog: KeptLog;
  readonly secretKey: Buffer;
  readonly clock: Clock;
  readonly packs: PackParts;
  readonly configs: ConfigParts;
  readonly datastore: DatastoreFile;
  readonly emit: Emit;
  readonly sensors: SensorParts;
  readonly rules: RuleBook;
  readonly sources: PrepareSources;
  readonly policies: PolicyBook;
  readonly intake: Intake;
  readonly events: EventSources;
  readonly executions: Executions;
  readonly inquiries: Inquiries;
  readonly aliases: AliasDesk;
  readonly api: ApiDesk;
  readonly broker: Broker;
  readonly credentials: Credentials;
  status(): EngineStatus;
  setPaused(paused: boolean, until: string | undefined): void;
  readonly submissions: Submissions;
  readonly workflows: WorkflowParts;
}): Handlers {
  const { host, store, packs, configs, sensors, intake, executions, broker } = parts;
  const { registry } = packs;
  return {
    engine: engineHandlers({
      status: parts.status,
      setPaused: parts.setPaused,
      log: (lines) => parts.keptLog.last(lines),
      doctor: () =>
        runDoctor({
          nodeVersion: process.version,
          folders: host.folders,
          environment: cleanEnvironment(host.environment),
          runProgram,
          findPython: packs.findPython,
          listPythons: packs.listPythons,
          activated: packs.activated,
          usesActivated: host.settings.get().python.useActivatedEnvironment,
          virtualenvFault: (folder) => whatBroke(folder, process.platform)?.why,
          addresses: { bus: broker.url },
          loopDelay: parts.status().loopDelay,
          desktop: host.kind === 'desktop' ? { platform: process.platform } : undefined,
        }),
    }),
    packs: packHandlers({
      list: () => registry.list().map((pack) => configs.withProblems(pack, registry.summary(pack))),
      detail: async (ref) => {
        const pack = registry.get(ref);
        if (!pack) return undefined;
        const detail = configs.withProblems(pack, await registry.detail(pack));
        return { ...detail, problems: [...detail.problems, ...(await parts.workflows.problems(pack))] };
      },
      available: () => registry.available(),
      ...catalogueAnswers(packs),
      config: configs.editor,
      setEnabled: (ref, enabled) => switchPack(host, registry, ref, enabled),
    }),
    sensors: sensorHandlers(sensors.answers),
    triggers: triggerHandlers({
      table: store.triggerInstances,
      detail: (id) => eventOf(store, id),
      types: () => registry.triggerTypes(),
      timers: () => parts.events.timers(),
      list: () => parts.rules.triggers(),
      receive: (message, execution) => intake.receive({ ...message, cause: parts.events.causeFor(execution) }),
    }),
    rules: ruleHandlers(
      parts.rules,
      new RuleLab({
        rules: parts.rules,
        events: store.triggerInstances,
        judging: { ...parts.sources, matching: matchingOf(parts.sources, parts.datastore) },
      }),
    ),
    policies: policyHandlers(parts.policies),
    actions: actionHandlers({ list: () => registry.actions(), get: (ref) => registry.action(ref) }),
    aliases: aliasHandlers(parts.aliases),
    ...parts.api.handlers(),
    executions: executionHandlers({
      table: store.executions,
      submit: (request) => parts.submissions.submit(request),
      rerun: (request, source) => parts.submissions.rerun(request, source),
      cancel: (id) => executions.cancel(id),
      pause: (id) => parts.workflows.host.pause(id),
      resume: (id) => parts.workflows.host.resume(id),
      output: (id) => executions.output(id),
    }),
    traces: traceHandlers({ trace: (id) => readTrace({ ...store, event: (event) => eventOf(store, event) }, id) }),
    workflows: workflowHandlers({ inspect: (ref) => parts.workflows.inspect(ref) }),
    inquiries: inquiryHandlers(parts.inquiries),
    notifications: notificationHandlers({ table: store.notices }),
    settings: settingsHandlers(host.settings),
    files: fileHandlers(new EditorDesk(parts)),
    keys: keyHandlers({
      datastore: tellChanges(parts.datastore, parts.events.internal),
      onChanged: (key, removed) => {
        configs.configs.refresh();
        parts.emit('keys.changed', { name: key.name, scope: key.scope, removed });
      },
    }),
    backup: backupHandlers(new BackupDesk(host, parts.clock, parts.secretKey)),
    bus: busHandlers({
      address: (pack) => busAddress(broker, parts.credentials, pack),
      keys: new BusKeys({ table: store.busKeys, broker, clock: parts.clock }),
    }),
  };
}

function eventOf({ triggerInstances }: Store, id: string): TriggerInstanceDetail | undefined {
  const kept = triggerInstances.get(id);
  return kept && { ...kept.instance, verdicts: expandVerdicts(kept.verdicts, kept.instance.payload) };
}

/** What follows from the switch happens where changes of settings are followed. */
async function switchPack(host: Host, registry: PackRegistry, ref: PackRef, enabled: boolean) {
  const pack = registry.get(ref);
  if (!pack) return undefined;
  if (!BUILT_IN_PACKS.includes(ref)) {
    const others = host.settings.get().disabledPacks.filter((other) => other !== ref);
    host.settings.update({ disabledPacks: enabled ? others : [...others, ref] });
  }
  return registry.summary(pack);
}

/** A catalogue that does not answer has its own end; nobody else can call such a search off. */
function catalogueAnswers({ registry, sources }: PackParts) {
  const { signal } = new AbortController();
  return {
    catalogue: async (search: CatalogueSearch) =>
      listCatalogue(
        {
          bundled: registry.available(),
          readings: await sources.catalogue.read(signal),
          installedVersion: (ref) => registry.get(ref)?.manifest?.version,
        },
        search,
      ),
    refreshCatalogue: async () => (await sources.catalogue.read(signal, true)).map(stateOf),
  };
}

function busAddress(broker: Broker, credentials: Credentials, pack: PackRef | undefined): string {
  const { username, password } = credentials.share(pack ? { kind: 'pack', pack } : { kind: 'operator' });
  const url = new URL(broker.url);
  url.username = username;
  url.password = password;
  return url.href;
}
