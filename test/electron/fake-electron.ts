import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  MenuItemConstructorOptions,
  NotificationConstructorOptions,
} from 'electron';
import type {
  ElectronSurface,
  FrameSurface,
  Granted,
  IpcEvent,
  NavigationSurface,
} from '../../main/electron/electron-surface.ts';

type OnRequest = (details: { readonly url: string }, decide: (response: { cancel?: boolean }) => void) => void;
type OnPermission = (contents: unknown, permission: string, grant: Granted) => void;

export type FakeStart = {
  readonly hasLock?: boolean;
  readonly appPath?: string;
  readonly switches?: readonly string[];
};

/** An Electron that only remembers: what it was asked for is in its fields, and a test makes its events happen. */
export function fakeElectron(given: FakeStart = {}) {
  const windows: FakeWindow[] = [];
  const trays: FakeTray[] = [];
  const notifications: FakeNotification[] = [];
  const app = new FakeApp(given);
  const ipcMain = new EventEmitter();
  const protocol = new FakeProtocol();
  const session = { defaultSession: new FakeSession() };
  const dialog = {
    errors: [] as string[],
    showErrorBox: (title: string, text: string) => dialog.errors.push(`${title}: ${text}`),
  };
  const clipboard = {
    text: '',
    formats: [] as string[],
    readText: async () => clipboard.text,
    writeText: async (text: string) => {
      clipboard.text = text;
    },
    has: async (mimetype: string) => clipboard.formats.some((format) => mimetype.includes(`"${format}"`)),
  };
  const globalShortcut = new FakeGlobalShortcut();
  const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false });
  const Menu = {
    buildFromTemplate: (template: MenuItemConstructorOptions[]) => ({ items: template }),
    setApplicationMenu: () => {},
  };
  const surface = {
    app,
    clipboard,
    dialog,
    globalShortcut,
    ipcMain,
    Menu,
    nativeTheme,
    protocol,
    session,
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options);
        windows.push(this);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    Notification: class extends FakeNotification {
      static isSupported = () => true;
      constructor(options: NotificationConstructorOptions) {
        super(options);
        notifications.push(this);
      }
    },
    Tray: class extends FakeTray {
      constructor(image: string) {
        super(image);
        trays.push(this);
      }
    },
  } satisfies ElectronSurface;
  return {
    surface,
    clipboard,
    globalShortcut,
    app,
    ipcMain,
    protocol,
    session: session.defaultSession,
    dialog,
    nativeTheme,
    windows,
    trays,
    notifications,
  };
}

export type FakeElectron = ReturnType<typeof fakeElectron>;

class FakeGlobalShortcut {
  readonly pressed = new Map<string, () => void>();
  /** What another program has. */
  readonly taken = new Set<string>();

  register(accelerator: string, callback: () => void): boolean {
    if (/[^A-Za-z0-9+]/.test(accelerator)) throw new TypeError('conversion failure');
    if (this.taken.has(accelerator) || this.pressed.has(accelerator)) return false;
    this.pressed.set(accelerator, callback);
    return true;
  }
  unregister(accelerator: string): void {
    this.pressed.delete(accelerator);
  }
}

class FakeApp extends EventEmitter {
  readonly isPackaged = false;
  readonly calls: string[] = [];
  readonly exits: number[] = [];
  readonly #given: FakeStart;
  readonly commandLine = { hasSwitch: (name: string) => this.#given.switches?.includes(name) ?? false };

  constructor(given: FakeStart) {
    super();
    this.#given = given;
  }

  getAppPath(): string {
    return this.#given.appPath ?? process.cwd();
  }
  setName(name: string): void {
    this.calls.push(`setName ${name}`);
  }
  setPath(name: string, path: string): void {
    this.calls.push(`setPath ${name} ${path}`);
  }
  setAppUserModelId(): void {
    this.calls.push('setAppUserModelId');
  }
  enableSandbox(): void {
    this.calls.push('enableSandbox');
  }
  requestSingleInstanceLock(): boolean {
    this.calls.push('requestSingleInstanceLock');
    return this.#given.hasLock ?? true;
  }
  /** As Electron does it: asks, and is not gone when somebody objects. */
  quit(): void {
    this.calls.push('quit');
    const event = preventable();
    this.emit('before-quit', event);
    if (!event.isPrevented) this.exits.push(0);
  }
  exit(code = 0): void {
    this.exits.push(code);
  }
}

class FakeContents extends EventEmitter {
  readonly sent: { channel: string; value: unknown }[] = [];
  reloads = 0;
  destroyed = false;
  openHandler: (() => { action: 'deny' }) | undefined;

  isDestroyed(): boolean {
    return this.destroyed;
  }
  send(channel: string, value: unknown): void {
    this.sent.push({ channel, value });
  }
  reload(): void {
    this.reloads += 1;
  }
  setWindowOpenHandler(handler: () => { action: 'deny' }): void {
    this.openHandler = handler;
  }
  /** What was sent on one channel. */
  sentOn(channel: string): unknown[] {
    return this.sent.filter((message) => message.channel === channel).map(({ value }) => value);
  }
}

class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly urls: string[] = [];
  visible = false;
  minimized = false;
  focused = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  async loadURL(url: string): Promise<void> {
    this.urls.push(url);
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.focused = true;
    this.emit('focus');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isFocused(): boolean {
    return this.visible && this.focused;
  }
  restore(): void {
    this.minimized = false;
  }
  /** The person clicks on its cross. Tells whether it would really close. */
  clickClose(): boolean {
    const event = preventable();
    this.emit('close', event);
    return !event.isPrevented;
  }
}

class FakeTray extends EventEmitter {
  image: string;
  toolTip = '';
  items: readonly MenuItemConstructorOptions[] = [];
  draws = 0;

  constructor(image: string) {
    super();
    this.image = image;
  }
  setImage(image: string): void {
    this.image = image;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: { readonly items: readonly unknown[] } | null): void {
    this.items = (menu?.items ?? []) as readonly MenuItemConstructorOptions[];
    this.draws += 1;
  }
  get labels(): string[] {
    return this.items.map((item) => item.label ?? '—');
  }
  click(label: string): void {
    const item = this.items.find((one) => one.label === label);
    if (!item) throw new Error(`the tray has no \`${label}\`, only ${this.labels.join(', ')}`);
    (item.click as (() => void) | undefined)?.();
  }
}

class FakeNotification extends EventEmitter {
  readonly options: NotificationConstructorOptions;
  isShown = false;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    this.isShown = true;
  }
}

class FakeProtocol {
  schemes: Parameters<ElectronSurface['protocol']['registerSchemesAsPrivileged']>[0] = [];
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>();

  registerSchemesAsPrivileged(schemes: FakeProtocol['schemes']): void {
    this.schemes = schemes;
  }
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler);
  }
}

class FakeSession {
  #onPermission: OnPermission | undefined;
  #onRequest: OnRequest | undefined;
  checkPermission: (() => boolean) | undefined;
  checkDevice: (() => boolean) | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: OnRequest) => {
      this.#onRequest = listener;
    },
  };

  setPermissionRequestHandler(handler: OnPermission): void {
    this.#onPermission = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.checkPermission = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.checkDevice = handler;
  }
  requestPermission(permission: string): boolean | undefined {
    let answer: boolean | undefined;
    this.#onPermission?.({}, permission, (granted) => {
      answer = granted;
    });
    return answer;
  }
  isCancelled(url: string): boolean | undefined {
    let answer: boolean | undefined;
    this.#onRequest?.({ url }, ({ cancel }) => {
      answer = cancel;
    });
    return answer;
  }
}

export function preventable(): { readonly isPrevented: boolean; preventDefault(): void } {
  const event = {
    isPrevented: false,
    preventDefault() {
      event.isPrevented = true;
    },
  };
  return event;
}

export function navigationTo(url: string): NavigationSurface & { readonly isPrevented: boolean } {
  return Object.assign(preventable(), { url });
}

/** A message as the window's page sends it, or with another sender or frame. */
export function ipcEvent(sender: unknown, frame: Partial<FrameSurface> | null = {}): IpcEvent {
  return { sender, senderFrame: frame === null ? null : { url: 'app://stormlet/', parent: null, ...frame } };
}
