import { homedir } from 'node:os';
import path from 'node:path';
import type { Host } from '../host.ts';
import { isoTime, systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { openLogFile } from '../log-file.ts';
import { serveClients } from '../rpc/local-server.ts';
import type { RpcServer } from '../rpc/rpc-server.ts';
import { claimFolders, releaseFolders } from '../rpc/run-file.ts';
import type { ElectronSurface } from './electron-surface.ts';
import { clientOver } from './engine-client.ts';
import type { DesktopHostDeps } from './host.ts';
import { launchCommand } from './launch-command.ts';
import type { Connect } from './page-link.ts';
import { desktopFiles } from './resource-folders.ts';
import { startShell } from './shell.ts';

export type BootOptions = {
  readonly folders: { readonly config: string; readonly data: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly platform: NodeJS.Platform;
  /** Electron's folder for what is packaged beside the code. */
  readonly resources: string;
  /** The program that runs. */
  readonly executable: string;
  createHost(deps: DesktopHostDeps): Host;
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
    electron.dialog.showErrorBox('Stormlet could not start', describe(error));
    await running.disposeAsync().catch(() => {});
    electron.app.exit(1);
  }
}

async function start(electron: ElectronSurface, options: BootOptions, running: AsyncDisposableStack): Promise<void> {
  const { folders, environment, platform } = options;
  const files = desktopFiles(electron.app, options.resources);
  await claimFolders(folders.data, isoTime(systemClock));
  running.defer(() => releaseFolders(folders.data));
  const { log } = running.use(openLogFile(folders.data, environment.STORMLET_LOG?.split(',') ?? []));
  quitOnUncaught(electron, options, log);
  const host = options.createHost({ electron, files, folders, environment, platform, log });
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
    connect,
    stop: () => running.disposeAsync(),
  });
}

/** The state in memory is not to be trusted then, but what runs is still stopped in order. */
function quitOnUncaught(electron: ElectronSurface, { onUncaught }: BootOptions, log: Log): void {
  let isTold = false;
  onUncaught((error) => {
    log.error('Stormlet stops: an error that nothing expected', { error });
    if (isTold) return;
    isTold = true;
    electron.dialog.showErrorBox('Stormlet has to stop', describe(error));
    electron.app.quit();
  });
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return hint ? `${message}\n\nHint: ${hint}` : message;
}
