import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Client } from '../../main/contract/rpc.ts';
import { connectToApp } from '../../main/headless/websocket-client.ts';
import { desktopObstacle, thisMachine } from '../../main/launch/electron.mjs';
import { readRunFile } from '../../main/rpc/run-file.ts';
import { startHeadlessApp } from '../support/headless-app.ts';
import { withSharedTools } from '../support/shared-tools.ts';
import { until } from '../support/until.ts';
import { buildForOldElectron } from './old-electron/build.ts';

/** The first Electron whose Node can run the engine. */
export const FIRST_WITH_ENGINE = 37;

export type Desktop = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly client: Client;
  /** `whole`: the app as it is packaged. `shell`: an old Electron has the shell only, and the engine its own process. */
  readonly kind: 'whole' | 'shell';
  readonly version: string;
  /** Starts it once more, as a person does who does not see that it runs. Resolves when that one has ended. */
  launchAgain(): Promise<void>;
} & AsyncDisposable;

/** Starts the built app in a real Electron, in a home of its own. */
export async function launchDesktop(program: string, home: string): Promise<Desktop> {
  const version = (await readFile(path.join(path.dirname(program), 'version'), 'utf8').catch(() => '99')).trim();
  const kind = Number.parseInt(version.replace(/^v/, ''), 10) < FIRST_WITH_ENGINE ? 'shell' : 'whole';
  const { STORMLET_ELECTRON_DIST: _, ...inherited } = process.env;
  const environment = withSharedTools({ ...inherited, STORMLET_HOME: home, STORMLET_ROOT: process.cwd() });
  await keepKeyInFile(home);
  const engine = kind === 'shell' ? await startHeadlessApp(home) : undefined;
  const args = [kind === 'shell' ? await buildForOldElectron() : process.cwd(), ...switches()];
  const app = await _electron.launch({ executablePath: program, args, env: definedOnly(environment) });
  const printed: string[] = [];
  app.process().stderr?.on('data', (text) => printed.push(String(text)));
  const page = await app.firstWindow().catch((error: unknown) => {
    throw new Error(`it opened no window, and printed: ${printed.join('')}`, { cause: error });
  });
  if (kind === 'shell') await teachOldPage(page);
  const data = path.join(home, 'data');
  await until('the app can be asked', async () => (await readRunFile(data))?.endpoint);
  const connected = await connectToApp(data);
  return {
    app,
    page,
    kind,
    version,
    client: connected.client,
    launchAgain: () =>
      new Promise((resolve, reject) => {
        const second = spawn(program, args, { env: definedOnly(environment), stdio: 'ignore' });
        second.once('error', reject);
        second.once('exit', () => resolve());
      }),
    async [Symbol.asyncDispose]() {
      connected[Symbol.dispose]();
      await app.close().catch(() => undefined);
      await engine?.[Symbol.asyncDispose]();
    },
  };
}

/** A keychain of the machine is not ours to write to, and where there is none the app would ask a person. */
async function keepKeyInFile(home: string): Promise<void> {
  const file = path.join(home, 'config', 'settings.json');
  await mkdir(path.dirname(file), { recursive: true });
  if (!existsSync(file)) await writeFile(file, JSON.stringify({ desktop: { secretKey: 'file' } }));
}

/** For an Electron of this machine. */
export function switches(): string[] {
  const needsNone = desktopObstacle(thisMachine([])) === undefined;
  return needsNone ? ['--disable-gpu'] : ['--no-sandbox', '--disable-gpu'];
}

/** What Chromium has learned since; the page itself asks for nothing newer. */
async function teachOldPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const group = <K, V>(items: Iterable<V>, keyOf: (item: V, index: number) => K) => {
      const groups = new Map<K, V[]>();
      let index = 0;
      for (const item of items) {
        const key = keyOf(item, index++);
        groups.set(key, [...(groups.get(key) ?? []), item]);
      }
      return groups;
    };
    const define = (owner: object, name: string, value: unknown) => {
      if (!(name in owner)) Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    };
    define(Map, 'groupBy', group);
    define(Object, 'groupBy', (items: Iterable<unknown>, keyOf: (item: unknown) => PropertyKey) =>
      Object.fromEntries(group(items, keyOf)),
    );
    define(Array.prototype, 'toSorted', function (this: unknown[], order?: (a: unknown, b: unknown) => number) {
      return [...this].sort(order);
    });
    define(Array.prototype, 'toReversed', function (this: unknown[]) {
      return [...this].reverse();
    });
    define(Array.prototype, 'toSpliced', function (this: unknown[], ...args: [number, number, ...unknown[]]) {
      const copy = [...this];
      copy.splice(...args);
      return copy;
    });
    define(Array.prototype, 'with', function (this: unknown[], index: number, value: unknown) {
      return this.map((item, at) => (at === index ? value : item));
    });
    define(URL, 'parse', (text: string, base?: string) => {
      try {
        return new URL(text, base);
      } catch {
        return null;
      }
    });
    define(Promise, 'withResolvers', () => {
      const all: Record<string, unknown> = {};
      all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
      return all;
    });
  });
  await page.reload();
}

function definedOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
