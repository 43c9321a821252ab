import type { ResourceRef } from '../contract/refs.ts';
import type { Client } from '../contract/rpc.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ElectronSurface, TraySurface } from './electron-surface.ts';
import { TrayFacts } from './tray-facts.ts';
import { trayIcon, trayLook } from './tray-icon.ts';
import { statusLine, type TrayActions, trayMenu } from './tray-menu.ts';

export type TrayDeps = {
  readonly electron: Pick<ElectronSurface, 'Tray' | 'Menu' | 'nativeTheme'>;
  readonly client: Client;
  readonly icons: string;
  readonly platform: NodeJS.Platform;
  readonly actions: Pick<TrayActions, 'open' | 'openAt' | 'openExecution' | 'quit'>;
  readonly clock: Clock;
  readonly log: Log;
};

/** The state can change hundreds of times a second; some desktops flicker when a menu does. */
const REDRAW_MS = 200;

/** The icon beside the clock: the state in words, the last results, pinned actions, pause, open, quit. */
export class Tray {
  readonly #deps: TrayDeps;
  readonly #tray: TraySurface;
  readonly #facts: TrayFacts;
  #redrawIsDue = false;

  constructor(deps: TrayDeps) {
    this.#deps = deps;
    this.#facts = new TrayFacts({ client: deps.client, log: deps.log, onChange: () => this.#redrawSoon() });
    this.#tray = new deps.electron.Tray(this.#icon());
  }

  start(): void {
    const { electron, actions, platform } = this.#deps;
    // On macOS a click opens the menu by itself.
    if (platform !== 'darwin') this.#tray.on('click', () => actions.open());
    electron.nativeTheme.on('updated', () => this.#redrawSoon());
    this.#facts.start();
    this.#draw();
  }

  sawWindow(): void {
    this.#facts.sawWindow();
  }

  /** The desktop would not show a notice, so that the icon has to. */
  missed(): void {
    this.#facts.missed();
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
    const { electron, actions, clock } = this.#deps;
    const menu = trayMenu(
      this.#facts.state,
      {
        ...actions,
        run: (action) => this.#run(action),
        pause: (until) => this.#setPaused(true, until),
        resume: () => this.#setPaused(false),
      },
      clock.now(),
    );
    this.#tray.setImage(this.#icon());
    this.#tray.setToolTip(`Stormlet: ${statusLine(this.#facts.state.status, clock.now())}`);
    // Linux shows changes of a menu only when it is set anew.
    this.#tray.setContextMenu(electron.Menu.buildFromTemplate(menu));
  }

  #icon(): string {
    const { electron, icons, platform } = this.#deps;
    return trayIcon(icons, trayLook(this.#facts.state), platform, electron.nativeTheme.shouldUseDarkColors);
  }

  #setPaused(paused: boolean, until?: number): void {
    const { client, log } = this.#deps;
    const end = until === undefined ? {} : { until: new Date(until).toISOString() };
    client.engine.setPaused({ paused, ...end }).then(
      (status) => this.#facts.become({ status }),
      (error: unknown) => log.error('automation could not be switched', { paused, error }),
    );
  }

  /** One that has to be told something, or that is not there any more, opens its page, which says what is missing. */
  #run(action: ResourceRef): void {
    const { client, actions, log } = this.#deps;
    const openPage = () => actions.openAt(`/actions/${encodeURIComponent(action)}`);
    runUnasked(client, action).then(
      (isRunning) => isRunning || openPage(),
      (error: unknown) => {
        log.warn('a pinned action could not be run', { action, error });
        openPage();
      },
    );
  }
}

/** False where a parameter has to be given. */
async function runUnasked(client: Client, action: ResourceRef): Promise<boolean> {
  const { parameters } = await client.actions.get({ ref: action });
  const asks = Object.values(parameters).some(({ required, default: given }) => required && given === undefined);
  if (asks) return false;
  await client.executions.run({ action });
  return true;
}
