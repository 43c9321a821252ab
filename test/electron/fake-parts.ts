import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
} from 'electron';
import type { Bounds, ElectronSurface, Granted } from '../../main/electron/electron-surface.ts';

/** The parts of the fake Electron: each remembers what it was asked for, and a test makes its events happen. */

type OnRequest = (details: { readonly url: string }, decide: (response: { cancel?: boolean }) => void) => void;
type OnPermission = (contents: unknown, permission: string, grant: Granted) => void;

export type FakeStart = {
  readonly hasLock?: boolean;
  readonly appPath?: string;
  readonly switches?: readonly string[];
};

export class FakeGlobalShortcut {
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

export class FakeApp extends EventEmitter {
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
  setToastActivatorCLSID(id: string): void {
    this.calls.push(`setToastActivatorCLSID ${id}`);
  }

  setAppUserModelId(): void {
    this.calls.push('setAppUserModelId');
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.calls.push(`setAsDefaultProtocolClient ${scheme}`);
    return true;
  }
  removeAsDefaultProtocolClient(scheme: string): boolean {
    this.calls.push(`removeAsDefaultProtocolClient ${scheme}`);
    return true;
  }
  setLoginItemSettings({ openAtLogin, args }: { openAtLogin: boolean; args?: string[] }): void {
    this.calls.push(`setLoginItemSettings ${openAtLogin} ${args?.join(' ')}`);
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

export class FakeContents extends EventEmitter {
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

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly urls: string[] = [];
  bounds: Bounds = { x: 10, y: 20, width: 1200, height: 800 };
  visible = false;
  maximized = false;
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
  isMaximized(): boolean {
    return this.maximized;
  }
  maximize(): void {
    this.maximized = true;
    this.emit('maximize');
  }
  getNormalBounds(): Bounds {
    return this.bounds;
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

export class FakeTray extends EventEmitter {
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

export class FakeNotification extends EventEmitter {
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

export class FakeProtocol {
  schemes: Parameters<ElectronSurface['protocol']['registerSchemesAsPrivileged']>[0] = [];
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>();

  registerSchemesAsPrivileged(schemes: FakeProtocol['schemes']): void {
    this.schemes = schemes;
  }
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler);
  }
}

export class FakeSession extends EventEmitter {
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

/** Answers each question with the button that `press` names; without, the question stays open. */
export class FakeDialog {
  readonly errors: string[] = [];
  readonly questions: MessageBoxOptions[] = [];
  press: string | undefined;

  showErrorBox(title: string, text: string): void {
    this.errors.push(`${title}: ${text}`);
  }
  showMessageBox(options: MessageBoxOptions): Promise<{ response: number }> {
    this.questions.push(options);
    const { press } = this;
    if (press === undefined) return new Promise(() => {});
    const response = options.buttons?.indexOf(press) ?? -1;
    if (response < 0) throw new Error(`there is no button \`${press}\`, only ${options.buttons?.join(', ')}`);
    return Promise.resolve({ response });
  }
}

/** Seals by writing backwards, which the tests can see through and the app cannot. */
export class FakeSafeStorage {
  isAvailable = true;
  backend = 'gnome_libsecret';
  /** Of a keychain that lost its key. */
  isBroken = false;

  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return this.isAvailable;
  }
  async encryptStringAsync(text: string): Promise<Buffer> {
    return Buffer.from([...text].reverse().join(''));
  }
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    if (this.isBroken) throw new Error('the key is gone');
    return { result: [...sealed.toString()].reverse().join(''), shouldReEncrypt: false };
  }
  getSelectedStorageBackend(): string {
    return this.backend;
  }
}
