import type { Shortcuts } from '../host.ts';
import type { ElectronSurface } from './electron-surface.ts';

/** Shortcuts that work whatever program is in front. */
export function desktopShortcuts(globalShortcut: ElectronSurface['globalShortcut']): Shortcuts {
  return {
    register(accelerator, onPressed) {
      try {
        return globalShortcut.register(accelerator, onPressed) ? 'registered' : 'taken';
      } catch {
        // Electron throws for what names no keys.
        return 'invalid';
      }
    },
    unregister: (accelerator) => globalShortcut.unregister(accelerator),
  };
}
