import path from 'node:path';
import type { Execution } from '../../main/contract/executions.ts';
import { isCompleted } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { Notice } from '../../main/contract/notices.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { createClient } from '../../main/contract/rpc-client.ts';
import { Settings } from '../../main/contract/settings.ts';
import { type Engine, startEngine } from '../../main/engine.ts';
import type { Clipboard, Host, SettingsStore, Shortcuts } from '../../main/host.ts';
import type { Clock } from '../../main/kit/clock.ts';
import { createLog } from '../../main/kit/log.ts';
import { mergeSettings } from '../../main/settings-store.ts';
import type { RestartPolicy } from '../../main/supervisor/restart-policy.ts';
import { SHARED_TOOLS } from './shared-tools.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

export const FIXTURE_PACKS = path.resolve('test/fixtures/packs');
const ROOT = path.resolve('.');
export type TestEngine = {
  readonly client: Client;
  readonly home: string;
  readonly notices: readonly Notice[];
  readonly log: readonly string[];
  /** Runs an action to its end. */
  run(action: string, parameters?: JsonObject): Promise<Execution>;
  /** Installs a folder, or a bundled pack by its name; fails when the installation does. */
  install(source: string): Promise<Execution>;
  ended(id: string): Promise<Execution>;
  /** Ends it as a power cut would: nothing is tidied up, and a new engine may take the same home. */
  readonly engine: Engine;
} & AsyncDisposable;

export type TestEngineOptions = {
  readonly clock?: Clock;
  readonly home?: string;
  readonly settings?: object;
  readonly sensorRestarts?: RestartPolicy;
  /** Of the app; by default the one that the tests run in. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What a desktop has. */
  readonly desktop?: { readonly clipboard: Clipboard; readonly shortcuts: Shortcuts };
};

/** The whole engine on real parts, in a home of its own: `await using engine = await startTestEngine()`. */
export async function startTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const folder = options.home === undefined ? await tempFolder() : undefined;
  const home = options.home ?? folder?.path ?? '';
  const notices: Notice[] = [];
  const log: string[] = [];
  const host: Host = {
    kind: options.desktop ? 'desktop' : 'headless',
    ...options.desktop,
    version: '0.0.0-test',
    folders: {
      config: path.join(home, 'config'),
      data: path.join(home, 'data'),
      builtInPacks: path.join(ROOT, 'packs'),
      python: path.join(ROOT, 'main', 'python'),
      node: path.join(ROOT, 'main', 'node'),
      tools: SHARED_TOOLS,
    },
    environment: options.environment ?? ownEnvironment(),
    node: { command: process.execPath },
    // Tests ask no server of the world.
    settings: memorySettings({ packs: { catalogues: [] }, ...options.settings }),
    log: createLog((line) => log.push(line), 'info'),
    notify: (notice) => notices.push(notice),
  };
  const engine = await startEngine(host, {
    ...(options.sensorRestarts && { sensorRestarts: options.sensorRestarts }),
    ...(options.clock && { clock: options.clock }),
  });
  const client = clientOf(engine);
  const ended = (id: string) =>
    until(
      `execution ${id} ended`,
      async () => {
        const execution = await client.executions.get({ id });
        return isCompleted(execution.status) && execution;
      },
      120_000,
    );
  const run = async (action: string, parameters: JsonObject = {}) =>
    ended((await client.executions.run({ action: action as ResourceRef, parameters })).id);
  return {
    client,
    home,
    notices,
    log,
    engine,
    run,
    ended,
    async install(source) {
      const execution = await run('packs.install', { packs: [source] });
      if (execution.status !== 'succeeded') throw new Error(JSON.stringify(execution, undefined, 2));
      return execution;
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder?.[Symbol.asyncDispose]();
    },
  };
}

/** What the tests run in. */
export function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]));
}

/** The contract's own client, over a transport of function calls: every call goes through frames and validation. */
function clientOf(engine: Engine): Client {
  let receive: (frame: unknown) => void = () => {};
  const session = engine.rpc.connect((frame) => receive(JSON.parse(JSON.stringify(frame))), { source: 'window' });
  return createClient({
    send: (frame) => session.receive(JSON.parse(JSON.stringify(frame))),
    onFrame: (listener) => {
      receive = listener;
      return () => {};
    },
    onState: (listener) => {
      listener('connected');
      return () => {};
    },
  });
}

/** Settings that are nowhere on disk. */
export function memorySettings(given: object = {}): SettingsStore {
  let current = Settings.parse(given);
  const listeners = new Set<(settings: Settings) => void>();
  return {
    get: () => current,
    update(patch) {
      current = Settings.parse(mergeSettings(current, patch));
      for (const listener of listeners) listener(current);
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function pack(ref: string): { ref: PackRef } {
  return { ref: ref as PackRef };
}
