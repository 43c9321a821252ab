import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { connectToApp } from '../../main/headless/websocket-client.ts';
import { readRunFile } from '../../main/rpc/run-file.ts';
import { isAlive, processTree } from '../support/processes.ts';
import { withSharedTools } from '../support/shared-tools.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const unbuilt = existsSync('out/main/desktop.js') ? '' : ' (skipped: nothing is built; `npm test` builds first)';

/** The built app in plain Node, with the fake in the place of Electron: all of it but Electron is real. */
function startBundle(home: string) {
  const hooks = path.resolve('test/electron/bundle/hooks.mjs');
  const child = spawn(process.execPath, ['--import', hooks, path.resolve('out/main/desktop.js'), '--hidden'], {
    env: withSharedTools({ ...process.env, STORMLET_HOME: home }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  createInterface(child.stdout).on('line', (line) => printed.push(line));
  child.stderr.on('data', (text) => printed.push(String(text)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, printed, ended, [Symbol.asyncDispose]: () => endOf(child, ended) };
}

async function endOf(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await ended;
}

test.skipIf(unbuilt !== '')(`the built app boots, hosts the engine, and ends in order${unbuilt}`, async () => {
  await using home = await tempFolder();
  const data = path.join(home.path, 'data');
  await using app = startBundle(home.path);
  await until('the app can be asked', async () => {
    if (app.child.exitCode !== null) throw new Error(`it ended: ${app.printed.join('\n')}`);
    return (await readRunFile(data))?.endpoint;
  });
  {
    using connected = await connectToApp(data);
    expect(await connected.client.engine.status()).toMatchObject({ host: 'desktop', paused: false });
    const sleep = { action: 'core.local' as ResourceRef, parameters: { cmd: 'sleep 300' } };
    const { id } = await connected.client.executions.run(sleep);
    await until('it sleeps', async () => (await connected.client.executions.get({ id })).status === 'running');
  }
  const seen = await until('the tray is drawn', () => {
    app.child.stdin.write('look\n');
    const last = app.printed.findLast((line) => line.startsWith('{"urls"'));
    return last?.includes('Running 1 action') && JSON.parse(last);
  });
  expect(seen).toMatchObject({ urls: ['app://stormlet/'], sandbox: true, schemes: ['app'] });
  expect(seen.calls.slice(0, 4)).toEqual([
    'setName Stormlet',
    'setAppUserModelId',
    expect.stringMatching(/^setPath userData .+/),
    'enableSandbox',
  ]);
  // The fake keychain is one that keeps secrets, so the key went there.
  expect([existsSync(path.join(data, 'secret.key')), existsSync(path.join(data, 'secret.key.sealed'))]).toEqual([
    false,
    true,
  ]);
  const tree = processTree(app.child.pid ?? 0);
  if (process.platform === 'linux') expect(tree.length).toBeGreaterThan(1);
  app.child.stdin.write('quit\n');
  expect(await app.ended).toBe(0);
  expect(await readRunFile(data)).toBeUndefined();
  await until('no process is left', () => !tree.some(isAlive));
});
