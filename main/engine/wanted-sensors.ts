import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Broker } from '../bus/broker.ts';
import type { Credentials } from '../bus/credentials.ts';
import type { JsonObject } from '../contract/json.ts';
import type { PackSummary, SensorDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { sensorReportTopic, sensorTriggersTopic } from '../contract/topics.ts';
import type { Trigger } from '../contract/triggers.ts';
import { textMasker } from '../executions/mask-output.ts';
import type { Pack } from '../packs/pack.ts';
import { liveTree } from '../packs/versions.ts';
import type { WantedSensor } from '../sensors/sensors.ts';
import type { CurrentConfig } from './pack-configs.ts';

/** Joins packs and sensors: what each pack's sensors need to run, or why they cannot. */
export type SensorSources = {
  readonly wrapper: string;
  readonly broker: Pick<Broker, 'port'>;
  readonly credentials: Credentials;
  packs(): readonly { readonly pack: Pack; readonly summary: PackSummary }[];
  python(pack: Pack): string | undefined;
  config(pack: Pack): CurrentConfig;
  environment(python: string, pack: string, sensor: ResourceRef): Record<string, string>;
  packData(pack: string): string;
  sharedSitePackages(python: string): readonly string[];
  /** The base environment is built for the first time. */
  waitsForBase(): boolean;
  isPaused(sensor: ResourceRef): boolean;
  /** Those with parameters that rules ask of it; undefined when it has no such type. */
  triggers(sensor: SensorDefinition): readonly Trigger[] | undefined;
};

const WAITING = { state: 'not-ready', why: 'the base environment of all packs is built first' } as const;
const PAUSED = { state: 'paused', why: 'it was paused, and waits to be resumed' } as const;

export function wantedSensors(sources: SensorSources): WantedSensor[] {
  return sources.packs().flatMap(({ pack, summary }) => {
    if (pack.sensors.length === 0) return [];
    const python = sources.python(pack);
    const current = sources.config(pack);
    const { values = {}, secrets = [] } = current.state === 'ready' ? current.config : {};
    const mask = textMasker(secrets);
    const shared = sources.sharedSitePackages(python ?? '');
    // A version's own folder: an update starts its sensors anew, once, and until then nothing is taken from under them.
    const tree = liveTree(pack.path);
    return pack.sensors.map((definition) => ({
      definition,
      fingerprint: JSON.stringify([
        ...[definition, tree, values, python, summary.virtualenv.builtAt],
        ...[sources.triggers(definition) !== undefined, shared],
      ]),
      entry: path.posix.normalize(`sensors/${definition.entryPoint.replaceAll('\\', '/')}`),
      code: pack.code,
      blocked:
        whyBlocked(summary, python, current) ??
        (sources.waitsForBase() ? WAITING : undefined) ??
        (sources.isPaused(definition.ref) ? PAUSED : undefined),
      process: sensorProcess(sources, { pack, tree, definition, python: python ?? '', shared, config: values }),
      mask,
    }));
  });
}

function whyBlocked(summary: PackSummary, python: string | undefined, config: CurrentConfig): WantedSensor['blocked'] {
  if (!summary.enabled) return { state: 'disabled', why: 'its pack is switched off' };
  if (summary.state === 'broken') return { state: 'not-ready', why: 'its pack is broken' };
  if (python === undefined) {
    return { state: 'not-ready', why: `its pack has no virtualenv: ${summary.virtualenv.state}` };
  }
  if (config.state === 'ready') return undefined;
  return {
    state: 'not-ready',
    why: config.state === 'failed' ? config.fault.message : 'its configuration is rendered',
  };
}

type SensorParts = {
  readonly pack: Pack;
  readonly tree: string;
  readonly definition: SensorDefinition;
  readonly python: string;
  readonly shared: readonly string[];
  readonly config: JsonObject;
};

function sensorProcess(sources: SensorSources, parts: SensorParts): WantedSensor['process'] {
  const { pack, tree, definition, python, shared, config } = parts;
  const identity = { kind: 'sensor', sensor: definition.ref, pack: pack.ref } as const;
  return {
    command: python,
    args: [
      sources.wrapper,
      ...['--pack', pack.ref],
      ...['--file-path', path.join(tree, 'sensors', definition.entryPoint)],
      ...['--class-name', definition.className],
      ...(definition.triggerTypes.length > 0 ? ['--trigger-type-refs', definition.triggerTypes.join(',')] : []),
      ...(definition.pollInterval === undefined ? [] : ['--poll-interval', String(definition.pollInterval)]),
      ...shared.flatMap((folder) => ['--base-site-packages', folder]),
      '--setup-from-stdin',
    ],
    env: sources.environment(python, pack.ref, definition.ref),
    firstLine: (run) => {
      mkdirSync(sources.packData(pack.ref), { recursive: true });
      // A new password at each start: what a dead process knew opens nothing.
      const credential = sources.credentials.issue(identity);
      const bus = { host: '127.0.0.1', port: sources.broker.port, client_id: credential.username, ...credential };
      const report = { topic: sensorReportTopic(definition.ref), run };
      const triggers = sources.triggers(definition);
      const listening = triggers && { triggers, listen_to: sensorTriggersTopic(definition.ref) };
      return JSON.stringify({ config, bus, report, ...listening });
    },
  };
}
