import path from 'node:path';
import type { Broker } from '../bus/broker.ts';
import type { Credentials } from '../bus/credentials.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { packOf } from '../contract/refs.ts';
import type { SensorStatus } from '../contract/sensors.ts';
import { SensorReport } from '../contract/sensors.ts';
import type { Trigger } from '../contract/triggers.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { sensorHandlers } from '../rpc/handlers/packs.ts';
import { SensorLogs } from '../sensors/sensor-logs.ts';
import { Sensors, type WantedSensor } from '../sensors/sensors.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { readUsage } from '../supervisor/process-usage.ts';
import type { RestartPolicy } from '../supervisor/restart-policy.ts';
import { runProgram } from '../supervisor/run-program.ts';
import { SupervisedProcess } from '../supervisor/supervisor.ts';
import type { Announcer } from './announcer.ts';
import { type PackParts, usesBase } from './build-packs.ts';
import { type DataFolders, packEnvironment } from './data-folders.ts';
import type { InternalEvents } from './internal-events.ts';
import type { PackConfigs } from './pack-configs.ts';
import { SensorTriggers } from './sensor-triggers.ts';
import { SensorUsages } from './sensor-usage.ts';
import { wantedSensors } from './wanted-sensors.ts';

export type SensorParts = {
  readonly sensors: Sensors;
  wanted(): WantedSensor[];
  /** Rules or types have changed. */
  announceTriggers(): void;
  /** The body of a message on `sensorReportTopic`. */
  onReport(sensor: ResourceRef, body: Buffer): void;
  /** What is asked about sensors. */
  readonly answers: Parameters<typeof sensorHandlers>[0];
} & AsyncDisposable;

/** Joins sensors with the supervisor that runs them and the packs that say which are wanted. */
export function buildSensors(deps: {
  readonly host: Host;
  readonly clock: Clock;
  readonly folders: DataFolders;
  readonly packs: PackParts;
  readonly configs: PackConfigs;
  readonly broker: Broker;
  readonly credentials: Credentials;
  readonly restarts: RestartPolicy;
  readonly announcer: Announcer;
  /** Beside telling it to those who look. */
  onSensor(status: SensorStatus): void;
  /** Its processes, which come and go. */
  events(): Pick<InternalEvents, 'sensorStarted' | 'sensorEnded'>;
  /** What lets a sensor use the app's API. */
  apiEnvironment(of: string): Record<string, string>;
  triggers(): readonly Trigger[];
}): SensorParts {
  const { host, clock, folders, packs, configs, broker, credentials } = deps;
  const inherited = cleanEnvironment(host.environment);
  const log = host.log.scope('sensors');
  const logs = new SensorLogs({
    folder: folders.sensorLogs,
    clock,
    log,
    onPrinted: (ref, lines) => deps.announcer.printed(ref, lines),
  });
  const usages = new SensorUsages(clock, (pids) => readUsage(pids, process.platform, runProgram));
  const sensors = new Sensors({
    clock,
    supervise: (ref, process) =>
      new SupervisedProcess({
        ...process,
        policy: deps.restarts,
        clock,
        onStart: (pid) => deps.events().sensorStarted(ref, pid, [process.spec.command, ...process.spec.args].join(' ')),
        onExit: (exitCode) => deps.events().sensorEnded(ref, exitCode),
      }),
    onChange: (status) => {
      deps.announcer.sensor(status);
      deps.onSensor(status);
    },
    onPrinted: (ref, line) => logs.print(ref, line),
    onStopped: (sensor) => credentials.revoke({ kind: 'sensor', sensor, pack: packOf(sensor) }),
  });
  const triggers = new SensorTriggers({
    broker,
    sensors: () => packs.registry.sensors(),
    triggers: deps.triggers,
    type: (ref) => packs.registry.triggerType(ref),
  });
  const wanted = () =>
    wantedSensors({
      wrapper: path.join(host.folders.python, 'sensor_wrapper.py'),
      broker,
      credentials,
      packs: () => packs.registry.list().map((pack) => ({ pack, summary: packs.registry.summary(pack) })),
      python: (pack) => (usesBase(pack) ? packs.base.current?.python : packs.virtualenvs.python(pack.ref)),
      config: (pack) => configs.current(pack),
      environment: (python, pack, sensor) => ({
        ...packEnvironment(inherited, folders, python, pack),
        ...deps.apiEnvironment(`sensor:${sensor}`),
      }),
      packData: folders.packData,
      sharedSitePackages: packs.sharedSitePackages,
      waitsForBase: () => packs.base.isFirstBuild,
      triggers: (definition) => triggers.of(definition),
      isPaused: (ref) => host.settings.get().pausedSensors.includes(ref),
    });
  return {
    sensors,
    wanted,
    announceTriggers: () => triggers.announce(),
    onReport(sensor, body) {
      const report = readReport(log, sensor, body);
      if (report) sensors.onReport(sensor, report);
    },
    answers: {
      list: () => usages.addTo(sensors.list()),
      restart: (ref) => sensors.restart(ref),
      setPaused: async (ref, paused) => {
        if (!sensors.get(ref)) return undefined;
        const others = host.settings.get().pausedSensors.filter((other) => other !== ref);
        host.settings.update({ pausedSensors: paused ? [...others, ref] : others });
        await sensors.sync(wanted());
        return sensors.get(ref);
      },
      log: async (ref, lines) => (sensors.get(ref) ? logs.read(ref, lines) : undefined),
    },
    async [Symbol.asyncDispose]() {
      await sensors[Symbol.asyncDispose]();
      await logs[Symbol.asyncDispose]();
    },
  };
}

/** What makes no sense is said in the log, for the sensor's author. */
function readReport(log: Log, sensor: ResourceRef, body: Buffer): SensorReport | undefined {
  const text = body.toString('utf8');
  try {
    return SensorReport.parse(JSON.parse(text));
  } catch (error) {
    log.warn('a sensor reported what cannot be understood', { sensor, report: text.slice(0, 200), error });
    return undefined;
  }
}

/** The sensor behind an MQTT user name, when it is one. */
export function sensorOfSource(source: string): ResourceRef | undefined {
  return source.startsWith('sensor:') ? (source.slice('sensor:'.length) as ResourceRef) : undefined;
}
