import type { Keychain } from '../host.ts';
import type { ElectronSurface, SafeStorageSurface } from './electron-surface.ts';

/** What Electron falls back to where a Linux desktop has no keychain: it seals with a password that everybody knows. */
const NO_SECRET: readonly string[] = ['basic_text', 'unknown'];

export type KeychainDeps = {
  readonly electron: Pick<ElectronSurface, 'safeStorage' | 'dialog'>;
  readonly platform: NodeJS.Platform;
  /** As the settings have it. */
  readonly choice: 'keychain' | 'file';
  /** The person is content with a file, and is not asked again. */
  keepFile(): void;
};

/**
 * The keychain of the desktop for the key of secrets. Where there is none that keeps a secret, the person is told, and says
 * whether a file of their account is good enough; undefined when they would rather not start. Once Electron is ready.
 */
export async function desktopKeychain(deps: KeychainDeps): Promise<Keychain | undefined> {
  const { electron, platform, choice, keepFile } = deps;
  const { safeStorage } = electron;
  // Not even asked then: a system may put that before the person as a question of its own.
  if (choice === 'file') return keychainOf(safeStorage, false);
  if (await keepsSecrets(safeStorage, platform)) return keychainOf(safeStorage, true);
  if (!(await asksForFile(electron, platform))) return undefined;
  keepFile();
  return keychainOf(safeStorage, false);
}

async function keepsSecrets(safeStorage: SafeStorageSurface, platform: NodeJS.Platform): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable().catch(() => false))) return false;
  return platform !== 'linux' || !NO_SECRET.includes(safeStorage.getSelectedStorageBackend());
}

function keychainOf(safeStorage: SafeStorageSurface, isWanted: boolean): Keychain {
  return {
    isWanted,
    seal: (text) => safeStorage.encryptStringAsync(text),
    async open(sealed) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      return { text: result, isStale: shouldReEncrypt };
    },
  };
}

async function asksForFile({ dialog }: KeychainDeps['electron'], platform: NodeJS.Platform): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: 'This desktop has no keychain that Stormlet could use.',
    detail: platform === 'linux' ? `${WITHOUT}\n\n${ON_LINUX}` : WITHOUT,
    buttons: ['Quit', 'Use a file'],
    defaultId: 1,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

const WITHOUT =
  'The secrets that you save for packs are encrypted. Their key can lie in a file that only your account may read: programs ' +
  'that you run could read it, too, as could whoever gets a copy of your disk that is not encrypted.';
const ON_LINUX =
  'GNOME Keyring and KWallet are such keychains. Once there is one, set `desktop.secretKey` to `keychain` in the settings.';
