import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { APP_URL } from './app-protocol.ts';
import type { ElectronSurface, WindowSurface } from './electron-surface.ts';

export type WindowDeps = {
  readonly electron: Pick<ElectronSurface, 'BrowserWindow'>;
  readonly preload: string;
  readonly icon: string;
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
    this.#window.on('close', (event) => {
      event.preventDefault();
      this.#window.hide();
    });
    this.contents.on('render-process-gone', (_event, { reason }) => this.#recover(reason));
    if (!options.hidden) this.#window.once('ready-to-show', () => this.#window.show());
    this.#loadedAt = this.#deps.clock.now();
    this.#window.loadURL(APP_URL).catch((error: unknown) => this.#deps.log.error('the window is empty', { error }));
  }

  show(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  #recover(reason: string): void {
    const { clock, log } = this.#deps;
    const again = clock.now() - this.#loadedAt >= CRASH_LOOP_MS;
    log.error('the page of the window crashed', { reason, reloaded: again });
    if (!again) return;
    this.#loadedAt = clock.now();
    this.contents.reload();
  }
}

/** Every safeguard is spelled out, though most are Electron's defaults: a default may change. */
function windowOptions({ preload, icon }: WindowDeps): BrowserWindowConstructorOptions {
  return {
    title: 'Stormlet',
    icon,
    width: 1200,
    height: 800,
    minWidth: 720,
    minHeight: 480,
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
      webviewTag: false,
      navigateOnDragDrop: false,
      // It would download dictionaries.
      spellcheck: false,
    },
  };
}

/** Without a menu, the shortcuts for copying, zoom and the developer tools would be gone too. */
export function applicationMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const own: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ role: 'appMenu' }] : [{ role: 'fileMenu' }];
  return [...own, { role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }];
}
