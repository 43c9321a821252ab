import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../contract/settings.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';

/** What is used of `electron-updater`, which fetches from where the package says and checks what it gets. */
export interface UpdaterSurface {
  autoDownload: boolean;
  /** Puts what was fetched in place once the app has ended. */
  autoInstallOnAppQuit: boolean;
  /** Null where this package cannot be updated after all. */
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean;
    readonly updateInfo: { readonly version: string };
    /** While it is fetched by itself. */
    readonly downloadPromise?: Promise<unknown> | null;
  } | null>;
  on(event: 'update-downloaded', listener: (info: { readonly version: string }) => void): unknown;
  /** It tells of each failure here, too; without a listener that would count as an error that nobody caught. */
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export type UpdatesDeps = {
  readonly updater: UpdaterSurface;
  tell(title: string, body: string): void;
  readonly clock: Clock;
  readonly log: Log;
};

const FIRST_LOOK_MS = 60_000;
const LOOK_MS = 24 * 3_600_000;

/**
 * Whether this package can be updated from within: a release says where from in a file of its own. One that is not signed
 * for its platform has no such file, since the system would refuse what replaces it; of the Linux packages, only an
 * AppImage is a file of the person's own.
 */
export function canUpdate(given: {
  readonly isPackaged: boolean;
  readonly resources: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): boolean {
  if (!given.isPackaged || !existsSync(path.join(given.resources, 'app-update.yml'))) return false;
  return given.platform !== 'linux' || given.environment.APPIMAGE !== undefined;
}

/** Looks for newer versions as the settings allow, and says each once. */
export class Updates {
  readonly #deps: UpdatesDeps;
  #callOff: (() => void) | undefined;
  #told = '';

  constructor(deps: UpdatesDeps) {
    const { updater, tell, log } = deps;
    this.#deps = deps;
    updater.autoDownload = false;
    updater.autoInstallOnAppQuit = false;
    updater.on('error', (error) => log.warn('a newer version could not be looked for or fetched', { error }));
    updater.on('update-downloaded', ({ version }) => {
      tell(`Stormlet ${version} is ready`, 'It is put in place when you quit.');
    });
  }

  become(choice: Settings['desktop']['updates']): void {
    const { updater } = this.#deps;
    this.#callOff?.();
    this.#callOff = undefined;
    updater.autoDownload = choice === 'automatic';
    updater.autoInstallOnAppQuit = choice === 'automatic';
    if (choice !== 'off') this.#lookIn(FIRST_LOOK_MS);
  }

  /** For a person who asks: they are answered in any case. */
  async lookNow(): Promise<void> {
    const { tell } = this.#deps;
    try {
      const version = await this.#find();
      if (version === undefined) tell('There is no newer version', 'This one is the newest.');
      else this.#tellOf(version);
    } catch {
      tell('Stormlet could not look for a newer version', 'The log says why.');
    }
  }

  #lookIn(ms: number): void {
    this.#callOff = this.#deps.clock.after(ms, () => {
      this.#lookIn(LOOK_MS);
      // The updater has told of a failure already, and tomorrow is another day.
      this.#find().then(
        (version) => version !== undefined && version !== this.#told && this.#tellOf(version),
        () => {},
      );
    });
  }

  async #find(): Promise<string | undefined> {
    const found = await this.#deps.updater.checkForUpdates();
    // A failure is told of by an event as well; without this it would also count as one that nobody caught.
    found?.downloadPromise?.catch(() => {});
    return found?.isUpdateAvailable ? found.updateInfo.version : undefined;
  }

  #tellOf(version: string): void {
    const { updater, tell } = this.#deps;
    this.#told = version;
    // What is fetched tells of itself when it is there.
    if (!updater.autoDownload) tell(`Stormlet ${version} is there`, 'Its release says what is new, and has it.');
  }
}
