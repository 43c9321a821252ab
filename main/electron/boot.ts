import { homedir } from 'node:os';
import path from 'node:path';
import type { Host } from '../host.ts';
import { isoTime, systemClock } from '../kit/clock.ts';
import { keepHeapLean } from '../kit/lean-heap.ts';
import type { Log } from '../kit/log.ts';
import { openLogFile } from '../log-file.ts';
import { claimFolders } from '../rpc/folder-claim.ts';
import { serveClients } from '../rpc/local-server.ts';
import type { RpcServer } from '../rpc/rpc-server.ts';
import type { ElectronSurface } from './electron-surface.ts';
import { clientOver } from './engine-client.ts';
import { faultReport } from './fault-report.ts';
import type { DesktopHostDeps } from './host.ts';
import { launchCommand } from './launch-command.ts';
import type { Connect } from './page-link.ts';
import { QUIT_LIMIT_MS } from './quit.ts';
import { desktopFiles } from './resource-folders.ts';
import { startShell } from './shell.ts';
import { showFault } from './show-fault.ts';
import { canUpdate, type UpdaterSurface } from './updates.ts';

export type BootOptions = {
  readonly folders: { readonly config: string; readonly data: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly platform: NodeJS.Platform;
  /** Electron's folder for what is packaged beside the code. */
  readonly resources: string;
  /** The program that runs. */
  readonly executable: string;
  /** Of Electron and its parts. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** Undefined: the person would rather not start. */
  createHost(deps: DesktopHostDeps): Promise<Host | undefined>;
  /** For a package that can be updated from within. */
  createUpdater(): Promise<UpdaterSurface>;
  startEngine(host: Host): Promise<AsyncDisposable & { readonly rpc: RpcServer }>;
  /** Calls for an error that nothing caught. */
  onUncaught(listener: (error: unknown) => void): void;
};

/** From Electron being ready to the window: engine, endpoint for the CLI, shell. What fails here is told, and ends the app. */
export async function boot(electron: ElectronSurface, options: BootOptions): Promise<void> {
  const running = new AsyncDisposableStack();
  try {
    await start(electron, options, running);
  } catch (error) {
    await running.disposeAsync().catch(() => {});
    await tell(electron, options, 'Stormlet could not start', error);
    electron.app.exit(1);
  }
}

async function start(electron: ElectronSurface, options: BootOptions, running: AsyncDisposableStack): Promise<void> {
  const { folders, environment, platform } = options;
  const files = desktopFiles(electron.app, options.resources);
  keepHeapLean();
  running.use(await claimFolders(folders.data, isoTime(systemClock)));
  const { log } = running.use(openLogFile(folders.data, environment.STORMLET_LOG?.split(',') ?? []));
  stopOnUncaught(electron, options, running, log);
  const host = await options.createHost({ electron, files, folders, environment, platform, log });
  if (!host) {
    await running.disposeAsync();
    electron.app.exit(0);
    return;
  }
  const { rpc } = running.use(await options.startEngine(host));
  const { port } = host.settings.get().http;
  const rendererFolder = files.renderer;
  running.use(await serveClients({ rpc, folders, port, rendererFolder, log: log.scope('rpc') }));
  const connect: Connect = (send) => rpc.connect(send, { source: 'window' });
  startShell(electron, clientOver(connect), {
    files,
    dataFolder: folders.data,
    platform,
    args: options.args,
    launch: launchCommand({
      isPackaged: electron.app.isPackaged,
      executable: options.executable,
      appPath: electron.app.getAppPath(),
      environment,
    }),
    configHome: environment.XDG_CONFIG_HOME || path.join(homedir(), '.config'),
    clock: systemClock,
    log: log.scope('desktop'),
    updater: await findUpdater(electron, options, log),
    connect,
    stop: () => running.disposeAsync(),
  });
}

/** An app that cannot look for newer versions is still one that works. */
async function findUpdater(
  { app }: ElectronSurface,
  options: BootOptions,
  log: Log,
): Promise<UpdaterSurface | undefined> {
  if (!canUpdate({ ...options, isPackaged: app.isPackaged })) return undefined;
  return options.createUpdater().catch((error: unknown) => {
    log.error('newer versions cannot be looked for', { error });
    return undefined;
  });
}

/** The state in memory is not to be trusted then, but what runs is still stopped in order, before anybody is asked. */
function stopOnUncaught(
  electron: ElectronSurface,
  options: BootOptions,
  running: AsyncDisposableStack,
  log: Log,
): void {
  let isTold = false;
  options.onUncaught((error) => {
    log.error('Stormlet stops: an error that nothing expected', { error });
    if (isTold) return;
    isTold = true;
    Promise.race([running.disposeAsync(), limit()])
      .catch((failure: unknown) => log.error('Stormlet did not stop in order', { error: failure }))
      .then(() => tell(electron, options, 'Stormlet had to stop', error))
      .finally(() => electron.app.exit(1));
  });
}

function limit(): Promise<void> {
  return new Promise((resolve) => void systemClock.after(QUIT_LIMIT_MS, resolve));
}

/** A desktop that cannot even show that is no reason to stay. */
async function tell(electron: ElectronSurface, options: BootOptions, title: string, error: unknown): Promise<void> {
  const { platform, versions } = options;
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  const { version } = desktopFiles(electron.app, options.resources);
  const report = faultReport({ error, version, platform, versions, home: homedir(), at: isoTime(systemClock) });
  await showFault(electron, { title, message, hint, report }).catch(() => {});
}
