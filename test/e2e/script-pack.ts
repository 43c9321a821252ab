import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { until } from '../support/until.ts';
import type { Desktop } from './launch-desktop.ts';

type Runs = { readonly kind: 'whole'; readonly client: Client } | ({ readonly kind: 'shell' } & Pick<Desktop, 'app'>);
type Outcome = { readonly status: string; readonly isolation?: string | undefined; readonly output?: Json | undefined };

/** Written so that an old Electron's Node can run them, too. */
const ACTIONS = {
  tell: `module.exports = ({ n }, { log }) => {
    log.info('told');
    process.on('exit', () => process.stdout.write('the end'));
    process.stdout.write('x'.repeat(300000));
    const { electron } = process.versions;
    return { n, folder: require('path').basename(process.cwd()), hidden: process.env.STORMLET_RESULT || '', electron };
  };`,
  fail: "module.exports = () => { throw new RangeError('too far'); };",
  hang: `module.exports = () => {
    const child = require('child_process').spawn('sleep', ['600']);
    console.log(process.pid, child.pid);
    return new Promise(() => {});
  };`,
};

/** A pack of three actions in JavaScript. */
export class ScriptPack {
  readonly #folder: string;
  #isInstalled = false;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async write(folder: string): Promise<ScriptPack> {
    await mkdir(path.join(folder, 'actions'), { recursive: true });
    await writeFile(
      path.join(folder, 'pack.yaml'),
      'name: scripts\ndescription: For tests.\nversion: 1.0.0\nauthor: Me\n',
    );
    for (const [name, source] of Object.entries(ACTIONS)) {
      await writeFile(path.join(folder, 'actions', `${name}.js`), source);
      const text = `name: ${name}\nrunner_type: node-script\nentry_point: ${name}.js\nparameters:\n  n: { type: integer }\n`;
      await writeFile(path.join(folder, 'actions', `${name}.yaml`), text);
    }
    return new ScriptPack(folder);
  }

  file(name: keyof typeof ACTIONS): string {
    return path.join(this.#folder, 'actions', `${name}.js`);
  }

  /** By the app; where the Electron is too old for the engine, by its runner alone in that Electron. */
  async run(app: Runs, name: keyof typeof ACTIONS, parameters: JsonObject = {}, timeout = 60): Promise<Outcome> {
    if (app.kind === 'shell') return app.app.evaluate(evaluateRunScript, [this.file(name), timeout * 1000] as const);
    const { client } = app;
    if (!this.#isInstalled) await this.#ended(client, 'packs.install', { packs: [this.#folder] });
    this.#isInstalled = true;
    return this.#ended(client, `scripts.${name}`, { ...parameters, timeout });
  }

  async #ended(client: Client, action: string, parameters: JsonObject): Promise<Outcome> {
    const { id } = await client.executions.run({ action: action as ResourceRef, parameters });
    const ended = await until('it has ended', async () => {
      const execution = await client.executions.get({ id });
      return ['succeeded', 'failed', 'timeout'].includes(execution.status) && execution;
    });
    return { ...ended, output: ended.result };
  }
}

/** Runs in the app's own process (`old-electron/main.ts`). */
function evaluateRunScript(_electron: unknown, [file, timeoutMs]: readonly [string, number]): Promise<Outcome> {
  const { runScript } = globalThis as unknown as { runScript(file: string, timeoutMs: number): Promise<Outcome> };
  return runScript(file, timeoutMs);
}
