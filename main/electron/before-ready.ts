import { APP_SCHEME } from './app-protocol.ts';
import type { ElectronSurface } from './electron-surface.ts';

export const APP_ID = 'app.stormlet.desktop';

/**
 * What Electron wants before it is ready. Returns false when another instance runs on the same folders: that one shows its
 * window, and this one ends.
 */
export function beforeReady({ app, protocol }: ElectronSurface, dataFolder: string): boolean {
  app.setName('Stormlet');
  app.setAppUserModelId(APP_ID);
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
