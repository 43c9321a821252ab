import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Emit } from '../../main/contract/rpc.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { createLog, silentLog } from '../../main/kit/log.ts';
import { type LocalServer, serveClients } from '../../main/rpc/local-server.ts';
import { RpcServer } from '../../main/rpc/rpc-server.ts';
import { type FakeWorld, fakeWorld } from './fake-handlers.ts';
import { tempFolder } from './temp-folder.ts';

export type FakeServer = AsyncDisposable & {
  readonly world: FakeWorld;
  readonly local: LocalServer;
  readonly emit: Emit;
  /** What the endpoint logged. */
  readonly logged: string[];
  /** The `STORMLET_HOME` whose run file leads here. */
  readonly home: string;
  readonly data: string;
};

/** The real endpoint over the fake world: a real port, a real run file, and a window of two files. */
export async function startFakeServer(): Promise<FakeServer> {
  const folder = await tempFolder();
  const rendererFolder = path.join(folder.path, 'renderer');
  await mkdir(path.join(rendererFolder, 'assets'), { recursive: true });
  await writeFile(path.join(rendererFolder, 'index.html'), '<!doctype html><title>Stormlet</title>');
  await writeFile(path.join(rendererFolder, 'assets', 'app.js'), 'console.log(1)');
  await writeFile(path.join(folder.path, 'secret.json'), '{"secret":true}');
  const { rpc, world } = fakeRpc();
  const data = path.join(folder.path, 'data');
  const logged: string[] = [];
  const log = createLog((line) => logged.push(line), 'warn');
  const local = await serveClients({ rpc, folders: { data }, port: 0, rendererFolder, log });
  return {
    world,
    local,
    emit: rpc.emit,
    logged,
    home: folder.path,
    data,
    async [Symbol.asyncDispose]() {
      await local[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export function fakeRpc(): { readonly rpc: RpcServer; readonly world: FakeWorld } {
  // The world emits through the server that is made of its handlers.
  const emit: Emit = (event, payload) => rpc.emit(event, payload);
  const world = fakeWorld(emit);
  const rpc: RpcServer = new RpcServer({ handlers: world.handlers, log: silentLog, clock: systemClock });
  return { rpc, world };
}
