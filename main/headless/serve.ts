import { existsSync } from 'node:fs';
import type { Host } from '../host.ts';
import type { AppFiles } from '../host-folders.ts';
import { isoTime, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { openLogFile } from '../log-file.ts';
import { serveClients } from '../rpc/local-server.ts';
import type { RpcServer } from '../rpc/rpc-server.ts';
import { claimFolders, releaseFolders } from '../rpc/run-file.ts';
import { createHeadlessHost } from './headless-host.ts';

export type ServeOptions = {
  readonly app: AppFiles;
  readonly folders: { readonly config: string; readonly data: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Goes before the one in the settings. */
  readonly port: number | undefined;
  startEngine(host: Host): Promise<AsyncDisposable & { readonly rpc: RpcServer }>;
};

/**
 * The headless app, from its start to SIGINT or SIGTERM: the engine, and the endpoint for browsers and the CLI. Resolves
 * when all of it has stopped, the endpoint first.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { app, folders, environment } = options;
  await claimFolders(folders.data, isoTime(systemClock));
  try {
    await using logFile = openLogFile(folders.data, environment.STORMLET_LOG?.split(',') ?? []);
    const { log } = logFile;
    using stop = stopSignal(log);
    const host = createHeadlessHost({ app, folders, environment, log });
    await using engine = await options.startEngine(host);
    await using local = await serveClients({
      rpc: engine.rpc,
      folders,
      port: options.port ?? host.settings.get().http.port,
      rendererFolder: app.renderer,
      log: log.scope('rpc'),
    });
    announce(local.uiAddress, existsSync(app.renderer));
    await stop.asked;
    print('Stormlet is stopping');
  } finally {
    await releaseFolders(folders.data);
  }
}

function announce(address: string, hasWindow: boolean): void {
  print(`Stormlet is running: ${address}`);
  if (!hasWindow) print('hint: the window is not built, so that page is empty; `npm run headless` builds it');
  print('Ctrl-C stops it.');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A person takes longer to press Ctrl-C again, and then means it. */
const REPEAT_MS = 500;

/**
 * Asked to stop by a signal, or by an error that nothing caught: the state in memory is not to be trusted then, but what
 * runs is still stopped in order. A second signal ends the process at once, unless it is the first one heard twice: npm
 * passes on what the terminal has sent to the whole group, and `conf` sends again what it has seen.
 */
function stopSignal(log: Log): Disposable & { readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  const onSignal = () => {
    if (askedAt !== undefined && performance.now() - askedAt > REPEAT_MS) process.exit(1);
    askedAt ??= performance.now();
    resolve();
  };
  const onError = (error: unknown) => {
    log.error('Stormlet stops: an error that nothing expected', { error });
    process.exitCode = 1;
    resolve();
  };
  const listeners = {
    SIGINT: onSignal,
    SIGTERM: onSignal,
    SIGHUP: onSignal,
    uncaughtException: onError,
    unhandledRejection: onError,
  };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return {
    asked: promise,
    [Symbol.dispose]() {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
    },
  };
}
