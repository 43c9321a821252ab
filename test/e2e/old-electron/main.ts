import './polyfills.ts';
import path from 'node:path';
import * as electron from 'electron';
import { WebSocket } from 'ws';
import { beforeReady } from '../../../main/electron/before-ready.ts';
import { clientOver } from '../../../main/electron/engine-client.ts';
import type { Connect } from '../../../main/electron/page-link.ts';
import { startShell } from '../../../main/electron/shell.ts';
import { runningApp } from '../../../main/headless/websocket-client.ts';
import { systemClock } from '../../../main/kit/clock.ts';
import { createLog } from '../../../main/kit/log.ts';
import { adapted } from './adapted.ts';
import { runScript } from './run-script.ts';

/*
 * The entry of the smoke on an old Electron, whose Node cannot run the engine: the real shell, as a client of an engine in
 * a process of its own.
 */
const { STORMLET_HOME: home = '', STORMLET_ROOT: root = '' } = process.env;
const surface = adapted(electron);
const wrapper = path.join(root, 'out/old-electron/node-action-wrapper.cjs');
// The test asks for it, as it asks for windows: by a function that runs in this process.
Object.assign(globalThis, { runScript: (file: string, timeoutMs: number) => runScript(wrapper, file, timeoutMs) });

if (beforeReady(surface, path.join(home, 'desktop'))) {
  electron.app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      electron.app.exit(1);
    });
}

async function start(): Promise<void> {
  const { url, token } = await runningApp(path.join(home, 'data'));
  const connect: Connect = (send) => socketTo(`${url.replace(/^http/, 'ws')}/rpc`, token, send);
  startShell(surface, clientOver(connect), {
    files: {
      renderer: path.join(root, 'out/renderer'),
      preload: path.join(root, 'out/old-electron/preload.cjs'),
      icons: path.join(root, 'main/electron/icons'),
      notices: path.join(root, 'out/notices'),
    },
    dataFolder: path.join(home, 'desktop'),
    platform: process.platform,
    args: process.argv,
    launch: { command: process.execPath, args: [] },
    configHome: path.join(home, 'xdg-config'),
    clock: systemClock,
    log: createLog((line) => process.stderr.write(`${line}\n`), 'info'),
    connect,
    stop: async () => {},
  });
}

/** A connection that takes frames before it is open. */
function socketTo(address: string, token: string, send: Parameters<Connect>[0]): ReturnType<Connect> {
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
  const early: unknown[] = [];
  socket.on('open', () => {
    for (const frame of early.splice(0)) socket.send(JSON.stringify(frame));
  });
  socket.on('message', (data) => send(JSON.parse(String(data))));
  socket.on('error', (error) => process.stderr.write(`the engine is gone: ${error.message}\n`));
  return {
    receive: (frame) => (socket.readyState === socket.OPEN ? socket.send(JSON.stringify(frame)) : early.push(frame)),
    close: () => socket.close(),
  };
}
