import type { Log } from '../kit/log.ts';
import { DEEP_LINK_SCHEME, deepLinkIn, parseDeepLink } from './deep-link.ts';
import type { AppSurface } from './electron-surface.ts';
import type { InstallPrompt } from './install-prompt.ts';
import type { LaunchCommand } from './launch-command.ts';

export type DeepLinksDeps = {
  readonly app: Pick<AppSurface, 'on' | 'setAsDefaultProtocolClient' | 'removeAsDefaultProtocolClient'>;
  readonly launch: LaunchCommand;
  readonly prompt: Pick<InstallPrompt, 'ask'>;
  readonly log: Log;
};

/**
 * Takes `stormlet://` addresses while the settings allow it. Switched off, the system is told that the app wants none, and
 * one that comes all the same is not even looked at.
 */
export class DeepLinks {
  readonly #deps: DeepLinksDeps;
  #isOn = false;
  /** What came before the settings were known. */
  #early: string | undefined;

  constructor(deps: DeepLinksDeps) {
    this.#deps = deps;
  }

  start(args: readonly string[]): void {
    const { app } = this.#deps;
    this.#early = deepLinkIn(args);
    app.on('second-instance', (_event, argv) => this.#take(deepLinkIn(argv)));
    app.on('open-url', (event, url) => {
      event.preventDefault();
      this.#take(url);
    });
  }

  become(isOn: boolean): void {
    const { app, launch } = this.#deps;
    const { command, args } = launch;
    if (isOn !== this.#isOn) {
      if (isOn) app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME, command, [...args]);
      else app.removeAsDefaultProtocolClient(DEEP_LINK_SCHEME, command, [...args]);
    }
    this.#isOn = isOn;
    this.#take(this.#early);
    this.#early = undefined;
  }

  #take(address: string | undefined): void {
    if (address === undefined) return;
    const { prompt, log } = this.#deps;
    const link = this.#isOn ? parseDeepLink(address) : undefined;
    if (!link) {
      log.warn('an address from outside was not followed', { isOn: this.#isOn });
      return;
    }
    prompt.ask([link.install], 'link').catch((error: unknown) => {
      log.warn('a pack that an address asked for was not installed', { error });
    });
  }
}
