import path from 'node:path';
import type { EngineStatus } from '../contract/engine.ts';
import type { Notice } from '../contract/notices.ts';
import type { Client } from '../contract/rpc.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ElectronSurface, TraySurface } from './electron-surface.ts';
import { statusLine, type TrayActions, trayMenu } from './tray-menu.ts';

export type TrayDeps = {
  readonly electron: Pick<ElectronSurface, 'Tray' | 'Menu'>;
  readonly client: Client;
  readonly icons: string;
  readonly platform: NodeJS.Platform;
  readonly actions: Pick<TrayActions, 'open' | 'openExecution' | 'quit'>;
  readonly clock: Clock;
  readonly log: Log;
};

const RECENT = 5;
/** The state can change hundreds of times a second; some desktops flicker when a menu does. */
const REDRAW_MS = 200;

/** The icon beside the clock: the state in words, the last results, pause, open, quit. */
export class Tray {
  readonly #deps: TrayDeps;
  readonly #tray: TraySurface;
  #status: EngineStatus | undefined;
  #recent: readonly Notice[] = [];
  #redrawIsDue = false;

  constructor(deps: TrayDeps) {
    this.#deps = deps;
    this.#tray = new deps.electron.Tray(trayIcon(deps.icons, deps.platform, false));
  }

  start(): void {
    const { client, actions, log, platform } = this.#deps;
    // On macOS a click opens the menu by itself.
    if (platform !== 'darwin') this.#tray.on('click', () => actions.open());
    client.engine.onChanged((status) => this.#become(status));
    client.notifications.onPosted((notice) => this.#add([notice]));
    this.#draw();
    this.#read().catch((error: unknown) => log.warn('the tray could not read its state', { error }));
  }

  async #read(): Promise<void> {
    const { client } = this.#deps;
    const [status, recent] = await Promise.all([client.engine.status(), client.notifications.recent()]);
    this.#add(recent);
    // What was announced meanwhile is newer than this answer.
    if (!this.#status) this.#become(status);
  }

  #become(status: EngineStatus): void {
    this.#status = status;
    this.#redrawSoon();
  }

  #add(notices: readonly Notice[]): void {
    const all = new Map([...this.#recent, ...notices].map((notice) => [notice.id, notice]));
    this.#recent = [...all.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, RECENT);
    this.#redrawSoon();
  }

  #redrawSoon(): void {
    if (this.#redrawIsDue) return;
    this.#redrawIsDue = true;
    this.#deps.clock.after(REDRAW_MS, () => {
      this.#redrawIsDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { electron, icons, platform, actions } = this.#deps;
    const state = { status: this.#status, recent: this.#recent };
    const menu = trayMenu(state, { ...actions, setPaused: (paused) => this.#setPaused(paused) });
    this.#tray.setImage(trayIcon(icons, platform, this.#status?.paused ?? false));
    this.#tray.setToolTip(`Stormlet: ${statusLine(this.#status)}`);
    // Linux shows changes of a menu only when it is set anew.
    this.#tray.setContextMenu(electron.Menu.buildFromTemplate(menu));
  }

  #setPaused(paused: boolean): void {
    const { client, log } = this.#deps;
    client.engine.setPaused({ paused }).then(
      (status) => this.#become(status),
      (error: unknown) => log.error('automation could not be switched', { paused, error }),
    );
  }
}

/** macOS recolours an image whose name ends in `Template`; the coloured one is legible on light and on dark panels. */
function trayIcon(folder: string, platform: NodeJS.Platform, paused: boolean): string {
  const name = paused ? 'tray-paused' : 'tray';
  return path.join(folder, platform === 'darwin' ? `${name}-Template.png` : `${name}.png`);
}
