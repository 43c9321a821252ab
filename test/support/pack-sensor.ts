import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { checkValue } from '../../main/contract/check-parameters.ts';
import { isJsonObject, type JsonObject } from '../../main/contract/json.ts';
import { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { loadPack, PackCaches } from '../../main/packs/metadata/load-pack.ts';
import { DatastoreFile } from '../../main/store/datastore-file.ts';
import { TEST_SEAL } from './test-seal.ts';
import { until } from './until.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** One trigger instance as the sensor dispatched it; without a bus it is a line on stdout. */
export type Dispatched = { readonly trigger: string; readonly payload: JsonObject };

export type PackSensor = AsyncDisposable & {
  readonly events: readonly Dispatched[];
  payloads(trigger?: string): JsonObject[];
  /** Waits until so many events were dispatched, and gives their payloads. */
  dispatched(count: number, trigger?: string): Promise<JsonObject[]>;
  /** What it wrote on stderr. */
  readonly log: () => string;
  logged(text: string): Promise<unknown>;
  /** Ends it as the app does. Resolves with its exit code. */
  stop(): Promise<number | undefined>;
  kill(): Promise<void>;
};

export type PackSensorSetup = {
  readonly python: string;
  readonly pack: string;
  /** Without `.py`. */
  readonly sensor: string;
  readonly className: string;
  readonly config?: JsonObject;
  readonly triggers?: readonly Trigger[];
  readonly env?: Readonly<Record<string, string>>;
  readonly pollInterval?: number;
};

export type Trigger = { id: string; ref: string; type: string; parameters: JsonObject };

/** Starts a sensor of a pack of ours as the app does: set-up in the first line of stdin, which stays open. */
export function startPackSensor(setup: PackSensorSetup): PackSensor {
  const { python, pack, config = {}, triggers = [], env } = setup;
  const wrapper = path.join(ROOT, 'main/python/sensor_wrapper.py');
  const file = path.join(ROOT, 'packs', pack, 'sensors', `${setup.sensor}.py`);
  const polls = setup.pollInterval === undefined ? [] : ['--poll-interval', String(setup.pollInterval)];
  const child = execa(
    python,
    [wrapper, '--pack', pack, '--file-path', file, '--class-name', setup.className, ...polls, '--setup-from-stdin'],
    {
      env: { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1', ...env },
      extendEnv: false,
      buffer: false,
      reject: false,
    },
  );
  const events: Dispatched[] = [];
  let log = '';
  createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
  child.stderr.on('data', (text) => (log += String(text)));
  child.stdin.write(`${JSON.stringify({ config, triggers })}\n`);
  const ended = child.then((end) => end.exitCode);
  const payloads = (trigger?: string) =>
    events.filter((event) => trigger === undefined || event.trigger === trigger).map(({ payload }) => payload);
  const orItsLog = (error: Error) => {
    throw new Error(`${error.message}\n${JSON.stringify(events)}\n${log}`, { cause: error });
  };
  return {
    events,
    payloads,
    dispatched: (count, trigger) =>
      until(`${count} events came`, () => payloads(trigger).length >= count && payloads(trigger)).catch(orItsLog),
    log: () => log,
    logged: (text) => until(`the sensor logs \`${text}\``, () => log.includes(text)).catch(orItsLog),
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The trigger that the app makes of a rule with parameters. */
export function triggerOf(type: string, parameters: JsonObject, id = 'a'): Trigger {
  return { id, ref: `${type.split('.')[0]}.${id}`, type, parameters };
}

/**
 * Waits until a sensor has noted in the datastore what it told. One that is ended before tells it again rather than never,
 * which is right, and no test's business.
 */
export async function noted(datastore: string, key: string, text: string): Promise<void> {
  using file = new DatastoreFile(datastore, systemClock, TEST_SEAL);
  await until(`${key} is noted`, () => file.read('system', key)?.includes(text));
}

/** What the schema of the trigger type objects to in the payloads; a type that is not there, and no payload, are too. */
export async function payloadProblems(type: string, payloads: readonly JsonObject[]): Promise<string[]> {
  const pack = await loadPack(path.join(ROOT, 'packs', type.split('.')[0] ?? ''), 'built-in', '/no', new PackCaches());
  const schema = pack.triggerTypes.find(({ ref }) => ref === type)?.payloadSchema;
  if (!schema || !isJsonObject(schema.properties)) return [`${type} has no schema`];
  const known = Object.keys(schema.properties);
  const problems = payloads.flatMap((payload) => {
    const given = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));
    const unknown = Object.keys(payload).filter((name) => !known.includes(name));
    return [
      ...checkValue(given, ParameterSpec.parse(schema), 'payload').map(({ message }) => message),
      ...unknown.map((name) => `\`${name}\` is not in the schema`),
    ];
  });
  return payloads.length === 0 ? ['there is no payload'] : problems;
}
