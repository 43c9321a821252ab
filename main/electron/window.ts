import type { BrowserWindowConstructorOptions } from 'electron';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { APP_URL } from './app-protocol.ts';
import type { ElectronSurface, WindowSurface } from './electron-surface.ts';
import { LEAST_SIZE, windowPlace } from './window-place.ts';
import type { WindowState } from './window-state.ts';

export type WindowDeps = {
  readonly electron: Pick<ElectronSurface, 'BrowserWindow' | 'dialog' | 'screen'>;
  readonly preload: string;
  readonly icon: string;
  readonly state: WindowState;
  /** The person closed it for the first time, and may believe that the app has ended. */
  onFirstClose(): void;
  quit(): void;
  readonly clock: Clock;
  readonly log: Log;
};

/** A page that crashes sooner than this after it was loaded would crash again. */
const CRASH_LOOP_MS = 10_000;

/** The one window. It lives as long as the app: closing hides it, so that showing it again is immediate. */
export class Window {
  readonly #deps: WindowDeps;
  readonly #window: WindowSurface;
  #loadedAt = 0;
  #isAsking = false;

  constructor(deps: WindowDeps) {
    this.#deps = deps;
    this.#window = new deps.electron.BrowserWindow(windowOptions(deps));
  }

  get contents() {
    return this.#window.webContents;
  }

  /** The person looks at it. */
  get isFocused(): boolean {
    return this.#window.isFocused();
  }

  /** Calls each time that the person turns to it. */
  onLook(listener: () => void): void {
    this.#window.on('focus', listener);
  }

  start(options: { readonly hidden: boolean }): void {
    const { clock, log, state } = this.#deps;
    this.#window.on('close', (event) => {
      event.preventDefault();
      this.#hide();
    });
    const rememberPlace = () => this.#rememberPlace();
    this.#window.on('resize', rememberPlace);
    this.#window.on('move', rememberPlace);
    this.#window.on('maximize', rememberPlace);
    this.#window.on('unmaximize', rememberPlace);
    this.#window.on('unresponsive', () => log.warn('the page of the window does not answer'));
    this.contents.on('render-process-gone', (_event, { reason }) => this.#recover(reason));
    if (state.memory.isMaximized && !options.hidden) this.#window.once('ready-to-show', () => this.#window.maximize());
    if (!options.hidden) this.#window.once('ready-to-show', () => this.#window.show());
    this.#loadedAt = clock.now();
    this.#window.loadURL(APP_URL).catch((error: unknown) => log.error('the window is empty', { error }));
  }

  show(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  #hide(): void {
    const { state, onFirstClose } = this.#deps;
    this.#window.hide();
    if (state.memory.toldOfTray) return;
    state.remember({ toldOfTray: true });
    onFirstClose();
  }

  #rememberPlace(): void {
    const { state } = this.#deps;
    state.remember({ bounds: this.#window.getNormalBounds(), isMaximized: this.#window.isMaximized() });
  }

  /** Once it is loaded again by itself; when that does not help, the person says what now. */
  #recover(reason: string): void {
    const { clock, log } = this.#deps;
    const again = clock.now() - this.#loadedAt >= CRASH_LOOP_MS;
    log.error('the page of the window crashed', { reason, reloaded: again });
    if (again) this.#reload();
    else this.#ask(reason);
  }

  #reload(): void {
    this.#loadedAt = this.#deps.clock.now();
    this.contents.reload();
  }

  #ask(reason: string): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { electron, quit, log } = this.#deps;
    electron.dialog
      .showMessageBox({
        type: 'error',
        message: 'The window of Stormlet crashed as soon as it was loaded.',
        detail: `The reason that was given is \`${reason}\`. Sensors, rules and actions go on without it.`,
        buttons: ['Load it again', 'Leave it', 'Quit'],
        defaultId: 0,
        cancelId: 1,
      })
      .then(
        ({ response }) => {
          this.#isAsking = false;
          if (response === 0) this.#reload();
          if (response === 2) quit();
        },
        (error: unknown) => log.error('a question could not be shown', { error }),
      );
  }
}

/** Every safeguard is spelled out, though most are Electron's defaults: a default may change. */
function windowOptions({ preload, icon, electron, state }: WindowDeps): BrowserWindowConstructorOptions {
  const screens = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  return {
    title: 'Stormlet',
    icon,
    ...windowPlace(state.memory.bounds, screens),
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // It would download dictionaries.
      spellcheck: false,
    },
  };
}
