import type { Notice } from './contract/notices.ts';
import type { Settings, SettingsPatch } from './contract/settings.ts';
import type { Log } from './kit/log.ts';
import type { ForkNode } from './kit/node-process.ts';

/**
 * Everything that a host must bring: the Electron shell and the headless server are the two implementations, the tests'
 * helper is a third. A host holds no rules, no reload and no retry.
 */
export interface Host {
  readonly kind: 'desktop' | 'headless';
  /** The product's version. */
  readonly version: string;
  readonly folders: HostFolders;
  /** The environment that the app was started in; children get a cleaned copy. Nothing else reads `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
  /** For actions written in JavaScript: the Node that the app itself runs on. */
  readonly node: NodeRuntime;
  readonly settings: SettingsStore;
  readonly log: Log;
  /** Shows a notice to the person. Must not throw. */
  notify(notice: Notice): void;
  /** Absent without a desktop, as are the shortcuts. */
  readonly clipboard?: Clipboard;
  readonly shortcuts?: Shortcuts;
  readonly session?: DesktopSession;
  /** Absent, the key of secrets lies in a file for this account only. */
  readonly keychain?: Keychain;
}

/** A program that is Node; or what starts a file within a program that is more, and for others no Node at all. */
export type NodeRuntime =
  | { readonly command: string }
  | {
      readonly fork: ForkNode;
      /** The wrapper of actions (`main/node`), where that program can read it. */
      readonly wrapper: string;
    };

export interface Clipboard {
  /** Undefined where it holds no text, or one that a password manager marked as a secret. */
  readText(): Promise<string | undefined>;
  writeText(text: string): Promise<void>;
}

/** Shortcuts that work whatever program is in front. `accelerator` is written as Electron does, for example `Alt+F9`. */
export interface Shortcuts {
  register(accelerator: string, onPressed: () => void): 'registered' | 'taken' | 'invalid';
  unregister(accelerator: string): void;
}

/** The person at the machine. */
export interface DesktopSession {
  /** Seconds since they last touched anything. */
  idleSeconds(): number;
  /** What the pack `system` cannot find out by itself on this platform. */
  onEvent(listener: (event: 'locked' | 'unlocked' | 'sleep') => void): () => void;
}

/** The system's keychain (`store/secret-key.ts`). */
export interface Keychain {
  readonly isWanted: boolean;
  seal(text: string): Promise<Buffer>;
  open(sealed: Buffer): Promise<{ readonly text: string; readonly isStale: boolean }>;
}

export type HostFolders = {
  /** `configs/<pack>.yaml` and `rules/*.yaml` of the user, and the settings. */
  readonly config: string;
  /** `packs/`, `virtualenvs/`, `pack-data/`, `stormlet.db`, `logs/`, `run/`. */
  readonly data: string;
  /** The app's own `packs/`. */
  readonly builtInPacks: string;
  /** The app's own `main/python`, readable by foreign processes (so never inside an archive). */
  readonly python: string;
  /** The app's own `main/node`, likewise. */
  readonly node: string;
  /** Where uv is kept when it had to be installed; below `data` unless several homes share it. */
  readonly tools?: string;
};

/** One JSON file of settings, checked by the `Settings` schema; electron-store on the desktop, conf when headless. */
export interface SettingsStore {
  get(): Settings;
  update(patch: SettingsPatch | Partial<Settings>): Settings;
  onChange(listener: (settings: Settings) => void): () => void;
}
