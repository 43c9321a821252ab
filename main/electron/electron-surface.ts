import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  ForkOptions,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
  SaveDialogOptions,
} from 'electron';

/**
 * This folder is the desktop host: it opens the window, draws the tray, shows notices, and keeps the window locked in. It
 * holds no rules, no reload and no retry: it asks the engine by the contract, as any other client.
 *
 * These interfaces are all of Electron that it uses. They are checked against Electron's own types, and a fake that keeps
 * to them stands in for it in tests.
 */
export interface ElectronSurface {
  readonly app: AppSurface;
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => WindowSurface;
  readonly Menu: {
    buildFromTemplate(template: MenuItemConstructorOptions[]): MenuSurface;
    setApplicationMenu(menu: MenuSurface | null): void;
  };
  readonly Notification: (new (
    options: NotificationConstructorOptions,
  ) => NotificationSurface) & {
    isSupported(): boolean;
    /** Windows only: also for a notice of an earlier run, which started this one. */
    handleActivation(callback: (details: { readonly arguments: string }) => void): void;
  };
  readonly Tray: new (image: string) => TraySurface;
  readonly clipboard: {
    readText(): Promise<string>;
    writeText(text: string): Promise<void>;
    has(mimetype: string): Promise<boolean>;
  };
  readonly dialog: {
    showErrorBox(title: string, content: string): void;
    showMessageBox(options: MessageBoxOptions): Promise<{ readonly response: number }>;
  };
  /** Only once the app is ready. */
  readonly globalShortcut: {
    register(accelerator: string, callback: () => void): boolean;
    unregister(accelerator: string): void;
  };
  readonly ipcMain: IpcSurface;
  readonly nativeTheme: {
    readonly shouldUseDarkColors: boolean;
    on(event: 'updated', listener: () => void): unknown;
  };
  /** Only once the app is ready, as is the screen. */
  readonly powerMonitor: PowerSurface;
  readonly protocol: ProtocolSurface;
  readonly safeStorage: SafeStorageSurface;
  readonly screen: { getAllDisplays(): readonly { readonly workArea: Bounds }[] };
  readonly shell: { openPath(path: string): Promise<string> };
  /** Its `defaultSession` may be read only once the app is ready. */
  readonly session: { readonly defaultSession: SessionSurface };
  /** Only once the app is ready. */
  readonly utilityProcess: UtilityProcessSurface;
}

export interface AppSurface {
  readonly isPackaged: boolean;
  getAppPath(): string;
  setName(name: string): void;
  setPath(name: 'userData', path: string): void;
  setAppUserModelId(id: string): void;
  /** Windows only. */
  setToastActivatorCLSID(id: string): void;
  readonly commandLine: { hasSwitch(name: string): boolean };
  /** Whether the system took it. */
  setAsDefaultProtocolClient(scheme: string, path?: string, args?: string[]): boolean;
  removeAsDefaultProtocolClient(scheme: string, path?: string, args?: string[]): boolean;
  /** macOS and Windows only. */
  setLoginItemSettings(settings: { openAtLogin: boolean; args?: string[] }): void;
  enableSandbox(): void;
  requestSingleInstanceLock(): boolean;
  quit(): void;
  exit(code?: number): void;
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown;
  on(event: 'window-all-closed' | 'activate', listener: () => void): unknown;
  on(event: 'child-process-gone', listener: (event: unknown, details: LostProcess) => void): unknown;
  on(event: 'second-instance', listener: (event: unknown, argv: string[]) => void): unknown;
  /** macOS only; elsewhere an address comes in the arguments. */
  on(event: 'open-url', listener: (event: Preventable, url: string) => void): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, contents: ContentsSurface) => void): unknown;
}

/** A process of Chromium that is no page, for example the one for graphics. */
export type LostProcess = {
  readonly type: string;
  readonly reason: string;
  readonly exitCode: number;
  readonly name?: string;
};

export interface Preventable {
  preventDefault(): void;
}

export interface WindowSurface {
  readonly webContents: ContentsSurface;
  loadURL(url: string): Promise<void>;
  show(): void;
  hide(): void;
  focus(): void;
  isMinimized(): boolean;
  isFocused(): boolean;
  isMaximized(): boolean;
  maximize(): void;
  /** Where it is when it is neither maximized nor minimized. */
  getNormalBounds(): Bounds;
  restore(): void;
  on(event: 'close', listener: (event: Preventable) => void): unknown;
  on(event: 'focus', listener: () => void): unknown;
  on(event: 'resize', listener: () => void): unknown;
  on(event: 'move', listener: () => void): unknown;
  on(event: 'maximize', listener: () => void): unknown;
  on(event: 'unmaximize', listener: () => void): unknown;
  on(event: 'unresponsive', listener: () => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
}

export type Bounds = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export interface PowerSurface {
  /** Seconds since the person last touched anything. */
  getSystemIdleTime(): number;
  on(event: 'suspend', listener: () => void): unknown;
  /** These two not on Linux. */
  on(event: 'lock-screen', listener: () => void): unknown;
  on(event: 'unlock-screen', listener: () => void): unknown;
  /** Not on Windows. */
  on(event: 'shutdown', listener: () => void): unknown;
}

export interface SafeStorageSurface {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(sealed: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  /** Linux only. */
  getSelectedStorageBackend(): string;
}

export interface UtilityProcessSurface {
  fork(modulePath: string, args: string[], options: ForkOptions): ForkedSurface;
}

export interface ForkedSurface {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown): void;
  once(event: 'spawn', listener: () => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

export interface ContentsSurface {
  isDestroyed(): boolean;
  send(channel: string, value: unknown): void;
  reload(): void;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  on(event: 'will-navigate', listener: (details: NavigationSurface) => void): unknown;
  on(event: 'will-frame-navigate', listener: (details: NavigationSurface) => void): unknown;
  on(event: 'will-redirect', listener: (details: NavigationSurface) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  on(event: 'did-start-navigation', listener: (details: StartedNavigation) => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
}

export interface NavigationSurface extends Preventable {
  readonly url: string;
}

export interface StartedNavigation {
  readonly isMainFrame: boolean;
  readonly isSameDocument: boolean;
}

export interface MenuSurface {
  readonly items: readonly unknown[];
}

export interface TraySurface {
  setToolTip(text: string): void;
  setContextMenu(menu: MenuSurface | null): void;
  setImage(image: string): void;
  on(event: 'click', listener: () => void): unknown;
}

export interface NotificationSurface {
  show(): void;
  on(event: 'click', listener: () => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  on(event: 'action', listener: (details: { readonly actionIndex: number }) => void): unknown;
  on(event: 'failed', listener: (event: unknown, error: string) => void): unknown;
}

export interface IpcSurface {
  on(channel: string, listener: (event: IpcEvent, value: unknown) => void): unknown;
}

export interface IpcEvent {
  readonly sender: unknown;
  readonly senderFrame: FrameSurface | null;
}

export interface FrameSurface {
  readonly url: string;
  readonly parent: FrameSurface | null;
}

export interface ProtocolSurface {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void;
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
}

export interface SessionSurface {
  setPermissionRequestHandler(handler: (contents: unknown, permission: string, callback: Granted) => void): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  on(event: 'will-download', listener: (event: Preventable, item: DownloadSurface) => void): unknown;
  readonly webRequest: {
    onBeforeRequest(listener: (details: { readonly url: string }, callback: Decided) => void): void;
  };
}

export interface DownloadSurface {
  getURL(): string;
  getFilename(): string;
  getSavePath(): string;
  setSaveDialogOptions(options: SaveDialogOptions): void;
  once(event: 'done', listener: (event: unknown, state: 'completed' | 'cancelled' | 'interrupted') => void): unknown;
}

export type Granted = (granted: boolean) => void;
export type Decided = (response: { cancel?: boolean }) => void;
