import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { connectToApp } from '../../main/headless/websocket-client.ts';
import { readRunFile } from '../../main/rpc/run-file.ts';
import { needs } from '../support/needs.ts';
import { electronMajor, packApp, packedProgram } from '../support/pack-app.ts';
import { isAlive, processTree } from '../support/processes.ts';
import { withSharedTools } from '../support/shared-tools.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { FIRST_WITH_ENGINE, switches } from './launch-desktop.ts';
import { buildForOldElectron } from './old-electron/build.ts';
import { ScriptPack } from './script-pack.ts';

const needed = needs('electron');

/** The packaged app, as people start it; an Electron that is too old for it has one action packed in its place. */
describe.skipIf(needed.skip)(`the packaged app${needed.reason}`, { timeout: 300_000 }, () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let program: string;
  let isOld: boolean;
  let scripts: ScriptPack;

  beforeAll(async () => {
    folder = await tempFolder();
    scripts = await ScriptPack.write(path.join(folder.path, 'scripts'));
    const dist = distOf(needed.path ?? '');
    const major = await electronMajor(dist);
    isOld = major < FIRST_WITH_ENGINE;
    if (isOld) await buildForOldElectron();
    const packed = await packApp(folder.path, dist, (config) => {
      if (!isOld) return;
      // It has no such fuse yet.
      delete config.electronFuses?.grantFileProtocolExtraPrivileges;
      config.files?.push('out/old-electron/**');
      config.extraMetadata = { main: 'out/old-electron/packaged.cjs' };
    });
    program = packedProgram(packed);
  }, 300_000);
  afterAll(async () => folder?.[Symbol.asyncDispose]());

  test('is closed to whoever would steer it', async () => {
    const wire = await getCurrentFuseWire(program);
    const isOn = (fuse: FuseV1Options) => String.fromCharCode(Number(wire[fuse])) === '1';
    const fuses = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    expect(fuses.map(isOn)).toEqual([false, false, false, true, true]);
  });

  test('is no Node for others, and yet runs actions in JavaScript on its own', async () => {
    const evil = path.join(folder.path, 'evil.cjs');
    const harm = path.join(folder.path, 'harm');
    await writeFile(evil, `require('node:fs').writeFileSync(${JSON.stringify(harm)}, '');`);
    const steered = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${evil}` };
    const outcome = isOld ? await runAlone(steered, evil) : await runByEngine(steered, evil);
    expect(outcome).toMatchObject({
      status: 'succeeded',
      isolation: 'app-node',
      output: { result: { n: 20, folder: 'scripts', electron: expect.any(String) } },
    });
    expect(existsSync(harm)).toBe(false);
  });

  async function runAlone(steered: NodeJS.ProcessEnv, evil: string): Promise<JsonObject> {
    const file = path.join(folder.path, 'outcome.json');
    const env = { ...process.env, ...steered, SMOKE_SCRIPT: scripts.file('tell'), SMOKE_OUTCOME: file };
    const { child, ended } = start(['--hidden', ...switches(), evil], env);
    await Promise.race([ended, until('it has run', () => existsSync(file), 60_000)]);
    await ended;
    expect(isAlive(child.pid ?? 0)).toBe(false);
    const outcome: JsonObject = JSON.parse(await readFile(file, 'utf8'));
    expect(outcome).toMatchObject({ isPackaged: true, from: 'app.asar' });
    return outcome;
  }

  async function runByEngine(steered: NodeJS.ProcessEnv, evil: string) {
    const home = path.join(folder.path, 'home');
    await mkdir(path.join(home, 'config'), { recursive: true });
    await writeFile(path.join(home, 'config', 'settings.json'), JSON.stringify({ desktop: { secretKey: 'file' } }));
    const { child, ended } = start(['--hidden', ...switches(), evil], {
      ...withSharedTools(process.env),
      ...steered,
      STORMLET_HOME: home,
    });
    const data = path.join(home, 'data');
    await until('it can be asked', async () => (await readRunFile(data))?.endpoint, 60_000);
    const connected = await connectToApp(data);
    await connected.client.settings.update({ packs: { catalogues: [] } });
    const outcome = await scripts.run({ kind: 'whole', client: connected.client }, 'tell', { n: 20 });
    connected[Symbol.dispose]();
    const ours = processTree(child.pid ?? 0);
    // Windows knows no gentle end from outside.
    if (process.platform === 'win32') spawn('taskkill', ['/pid', `${child.pid}`, '/T', '/F'], { stdio: 'ignore' });
    else child.kill();
    await ended;
    await until('no process is left', () => !ours.some(isAlive));
    return outcome;
  }

  function start(args: readonly string[], env: NodeJS.ProcessEnv): { child: ChildProcess; ended: Promise<unknown> } {
    const child = spawn(program, args, { env, stdio: 'ignore' });
    return { child, ended: new Promise((resolve) => child.once('exit', resolve)) };
  }
});

/** The folder that an Electron's program is in. */
function distOf(program: string): string {
  return process.platform === 'darwin' ? path.resolve(program, '../../../..') : path.dirname(program);
}
