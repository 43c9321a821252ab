import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  MenuItemConstructorOptions,
  NotificationConstructorOptions,
} from 'electron';
import type {
  ElectronSurface,
  FrameSurface,
  IpcEvent,
  NavigationSurface,
} from '../../main/electron/electron-surface.ts';
import {
  FakeApp,
  FakeDialog,
  FakeGlobalShortcut,
  FakeNotification,
  FakeProtocol,
  FakeSafeStorage,
  FakeSession,
  type FakeStart,
  FakeTray,
  FakeWindow,
  preventable,
} from './fake-parts.ts';
import { fakeUtilityProcess } from './utility/fake-utility-process.ts';

/** An Electron that only remembers: what it was asked for is in its fields, and a test makes its events happen. */
export function fakeElectron(given: FakeStart = {}) {
  const windows: FakeWindow[] = [];
  const trays: FakeTray[] = [];
  const notifications: FakeNotification[] = [];
  const activations: ((details: { arguments: string }) => void)[] = [];
  const app = new FakeApp(given);
  const ipcMain = new EventEmitter();
  const protocol = new FakeProtocol();
  const session = { defaultSession: new FakeSession() };
  const dialog = new FakeDialog();
  const safeStorage = new FakeSafeStorage();
  const powerMonitor = Object.assign(new EventEmitter(), { idle: 0, getSystemIdleTime: () => powerMonitor.idle });
  const displays = [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }];
  const openedPaths: string[] = [];
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
  const menus: (readonly unknown[])[] = [];
  const Menu = {
    buildFromTemplate: (template: MenuItemConstructorOptions[]) => ({ items: template }),
    setApplicationMenu: (menu: { items: readonly unknown[] } | null) => menus.push(menu?.items ?? []),
  };
  const surface = {
    app,
    clipboard,
    dialog,
    globalShortcut,
    ipcMain,
    Menu,
    nativeTheme,
    powerMonitor,
    protocol,
    safeStorage,
    screen: { getAllDisplays: () => displays },
    session,
    shell: {
      async openPath(path: string) {
        openedPaths.push(path);
        return '';
      },
    },
    utilityProcess: fakeUtilityProcess,
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options);
        windows.push(this);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    Notification: class extends FakeNotification {
      static isSupported = () => true;
      static handleActivation(callback: (details: { arguments: string }) => void): void {
        activations.push(callback);
      }
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
    displays,
    nativeTheme,
    openedPaths,
    powerMonitor,
    safeStorage,
    menus,
    windows,
    trays,
    notifications,
    activations,
  };
}

export type FakeElectron = ReturnType<typeof fakeElectron>;

export function navigationTo(url: string): NavigationSurface & { readonly isPrevented: boolean } {
  return Object.assign(preventable(), { url });
}

/** A message as the window's page sends it, or with another sender or frame. */
export function ipcEvent(sender: unknown, frame: Partial<FrameSurface> | null = {}): IpcEvent {
  return { sender, senderFrame: frame === null ? null : { url: 'app://stormlet/', parent: null, ...frame } };
}
