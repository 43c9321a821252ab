import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import { userFolders } from '../host-folders.ts';
import { beforeReady } from './before-ready.ts';
import type { ElectronSurface } from './electron-surface.ts';

/*
 * The desktop app's entry, and the only file that imports Electron itself. There must be no top-level `await` in anything
 * that it imports statically: Electron is ready only after this file has been evaluated, so it would wait for ever.
 */
const electron: ElectronSurface = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
};
const folders = userFolders(process.env.STORMLET_HOME);

if (beforeReady(electron, folders.data)) {
  app.whenReady().then(startApp).catch(giveUp);
}

async function startApp(): Promise<void> {
  const [{ boot }, { createDesktopHost }, { startEngine }] = await Promise.all([
    import('./boot.ts'),
    import('./host.ts'),
    import('../engine.ts'),
  ]);
  await boot(electron, {
    folders,
    environment: process.env,
    args: process.argv,
    platform: process.platform,
    resources: process.resourcesPath,
    executable: process.execPath,
    versions: process.versions,
    createHost: createDesktopHost,
    createUpdater: async () => (await import('electron-updater')).default.autoUpdater,
    startEngine,
    onUncaught(listener) {
      process.on('uncaughtException', listener);
      process.on('unhandledRejection', listener);
    },
  });
}

/** Only what cannot even be loaded comes here: without a word, the app would stay as a process that shows nothing. */
function giveUp(error: unknown): void {
  dialog.showErrorBox(
    'Stormlet could not start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  app.exit(1);
}
