import { existsSync } from 'node:fs';
import type { Host } from '../host.ts';
import type { AppFiles } from '../host-folders.ts';
import { isoTime, systemClock } from '../kit/clock.ts';
import { keepHeapLean } from '../kit/lean-heap.ts';
import type { Log } from '../kit/log.ts';
import { openLogFile } from '../log-file.ts';
import { claimFolders } from '../rpc/folder-claim.ts';
import { type LocalServerDeps, serveClients } from '../rpc/local-server.ts';
import type { RpcServer } from '../rpc/rpc-server.ts';
import { createHeadlessHost } from './headless-host.ts';
import { onStopSignals } from './signals.ts';

export type ServeOptions = {
  readonly app: AppFiles;
  readonly folders: { readonly config: string; readonly data: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Goes before the one in the settings. */
  readonly port: number | undefined;
  startEngine(host: Host): Promise<RunningEngine>;
};

type RunningEngine = AsyncDisposable & {
  readonly rpc: RpcServer;
  readonly api: { readonly server: { handle: NonNullable<LocalServerDeps['api']> } };
};

/**
 * The headless app, from its start to SIGINT or SIGTERM: the engine, and the endpoint for browsers and the CLI. Resolves
 * when all of it has stopped, the endpoint first.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { app, folders, environment } = options;
  keepHeapLean();
  await using _claim = await claimFolders(folders.data, isoTime(systemClock));
  await using logFile = openLogFile(folders.data, environment.STORMLET_LOG?.split(',') ?? []);
  const { log } = logFile;
  ignoreLostTerminal();
  using stop = stopSignal(log);
  const host = createHeadlessHost({ app, folders, environment, log });
  await using engine = await options.startEngine(host);
  await using local = await serveClients({
    rpc: engine.rpc,
    folders,
    port: options.port ?? host.settings.get().http.port,
    rendererFolder: app.renderer,
    api: (request, response) => engine.api.server.handle(request, response),
    log: log.scope('rpc'),
  });
  announce(local.uiAddress, existsSync(app.renderer));
  await stop.asked;
  print('Stormlet is stopping');
}

function announce(address: string, hasWindow: boolean): void {
  print(`Stormlet is running: ${address}`);
  if (!hasWindow) print('hint: the window is not built, so that page is empty; `npm run headless` builds it');
  print('Ctrl-C stops it.');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Whoever saw the app start may be gone, and what it prints with it: it goes on, and its log has all of it. */
function ignoreLostTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {});
}

/**
 * Asked to stop by a signal, or by an error that nothing caught: the state in memory is not to be trusted then, but what
 * runs is still stopped in order.
 */
function stopSignal(log: Log): Disposable & { readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals = onStopSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], resolve, 1);
  const onError = (error: unknown) => {
    log.error('Stormlet stops: an error that nothing expected', { error });
    process.exitCode = 1;
    resolve();
  };
  // Node hands over an unhandled rejection here too.
  process.on('uncaughtException', onError);
  return {
    asked: promise,
    [Symbol.dispose]() {
      signals[Symbol.dispose]();
      process.off('uncaughtException', onError);
    },
  };
}
