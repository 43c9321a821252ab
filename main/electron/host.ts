import path from 'node:path';
import Store from 'electron-store';
import type { Host } from '../host.ts';
import type { AppFiles } from '../host-folders.ts';
import type { Log } from '../kit/log.ts';
import { createSettingsStore, invalidSettings, type JsonFile } from '../settings-store.ts';
import { desktopClipboard } from './clipboard.ts';
import type { ElectronSurface } from './electron-surface.ts';
import { desktopKeychain } from './keychain.ts';
import { forkWithin } from './node-processes.ts';
import type { DesktopFiles } from './resource-folders.ts';
import { desktopSession } from './session.ts';
import { desktopShortcuts } from './shortcuts.ts';

export type DesktopHostDeps = {
  readonly electron: Pick<
    ElectronSurface,
    'clipboard' | 'dialog' | 'globalShortcut' | 'powerMonitor' | 'safeStorage' | 'utilityProcess'
  >;
  readonly files: Pick<DesktopFiles, keyof AppFiles | 'actionWrapper'>;
  readonly folders: { readonly config: string; readonly data: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
};

/** The engine's host on a desktop; undefined when the person would rather not start without a keychain. */
export async function createDesktopHost(deps: DesktopHostDeps): Promise<Host | undefined> {
  const { electron, files, folders, environment, platform, log } = deps;
  const settings = createSettingsStore(openSettings(folders.config), log);
  const keychain = await desktopKeychain({
    electron,
    platform,
    choice: settings.get().desktop.secretKey,
    keepFile: () => settings.update({ desktop: { secretKey: 'file' } }),
  });
  if (!keychain) return undefined;
  return {
    kind: 'desktop',
    version: files.version,
    folders: { ...folders, builtInPacks: files.builtInPacks, python: files.python, node: files.node },
    environment: definedOnly(environment),
    node: { fork: forkWithin(electron.utilityProcess), wrapper: files.actionWrapper },
    settings,
    log,
    // The shell shows each notice that the engine announces, as it would for an engine in another process.
    notify: () => {},
    clipboard: desktopClipboard(electron.clipboard),
    shortcuts: desktopShortcuts(electron.globalShortcut),
    session: desktopSession(electron.powerMonitor, platform, log),
    keychain,
  };
}

function openSettings(folder: string): JsonFile {
  try {
    return new Store({ cwd: folder, name: 'settings', watch: true });
  } catch (error) {
    throw invalidSettings(path.join(folder, 'settings.json'), error instanceof Error ? error.message : String(error));
  }
}

function definedOnly(environment: DesktopHostDeps['environment']): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
