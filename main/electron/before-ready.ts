import { APP_SCHEME } from './app-protocol.ts';
import type { ElectronSurface } from './electron-surface.ts';

export const APP_ID = 'app.stormlet.desktop';
/** By it Windows finds the app whose notice was pressed, also when it runs no more. It must never change. */
const NOTICES_CLASS = '{6F0C5D5E-3C3B-4E0B-9A41-52F0B7A6D1C8}';

/**
 * What Electron wants before it is ready. Returns false when another instance runs on the same folders: that one shows its
 * window, and this one ends.
 */
export function beforeReady(
  { app, protocol }: ElectronSurface,
  dataFolder: string,
  platform: NodeJS.Platform = process.platform,
): boolean {
  app.setName('Stormlet');
  app.setAppUserModelId(APP_ID);
  if (platform === 'win32') app.setToastActivatorCLSID(NOTICES_CLASS);
  // Chromium's own files, apart from ours; the lock is on this folder, so each `STORMLET_HOME` has its own instance.
  app.setPath('userData', `${dataFolder}/window`);
  // A person who switched the sandbox off, as root must, would otherwise get neither a window nor an error.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  protocol.registerSchemesAsPrivileged([APP_SCHEME]);
  // Without a listener, Electron quits with its last window; the tray and the engine outlive ours.
  app.on('window-all-closed', () => {});
  if (app.requestSingleInstanceLock()) return true;
  app.quit();
  return false;
}
