import type { WebContents } from 'electron';
import type { ElectronSurface, ProtocolSurface } from '../../../main/electron/electron-surface.ts';

type Electron = typeof import('electron');
type Answer = { readonly body: Uint8Array | null; readonly status: number; readonly headers: Record<string, string> };

/**
 * An Electron before 25 in the shape of today's: what was added since is made of what there was. Nothing is left out that
 * the shell relies on for its safety.
 */
export function adapted(old: Electron): ElectronSurface {
  const {
    app,
    dialog,
    globalShortcut,
    ipcMain,
    Menu,
    nativeTheme,
    powerMonitor,
    protocol,
    screen,
    session,
    shell,
    Tray,
    utilityProcess,
  } = old;
  // The first listener: it comes before those of the shell.
  app.on('web-contents-created', (_event, contents) => addUrls(contents));
  return {
    app,
    BrowserWindow: old.BrowserWindow,
    Notification: old.Notification,
    dialog,
    globalShortcut,
    ipcMain,
    Menu,
    nativeTheme,
    powerMonitor,
    protocol: protocolOf(protocol),
    // The engine's host uses these two, and it is not in this process.
    clipboard: { readText: async () => '', writeText: async () => {}, has: async () => false },
    safeStorage: {
      isAsyncEncryptionAvailable: async () => false,
      encryptStringAsync: () => Promise.reject(new Error('an old Electron has none')),
      decryptStringAsync: () => Promise.reject(new Error('an old Electron has none')),
      getSelectedStorageBackend: () => 'unknown',
    },
    screen,
    session,
    shell,
    Tray,
    utilityProcess,
  } as unknown as ElectronSurface;
}

function protocolOf(protocol: Electron['protocol']): ProtocolSurface {
  return {
    registerSchemesAsPrivileged: (schemes) => protocol.registerSchemesAsPrivileged(schemes),
    handle(scheme, handler) {
      protocol.registerBufferProtocol(scheme, (request, callback) => {
        const { url, method } = request;
        void handler({ url, method } as Request).then((response) => {
          const { body, status, headers } = response as unknown as Answer;
          callback({ statusCode: status, headers, data: Buffer.from(body ?? []) });
        });
      });
    },
  };
}

/** Before 25, a navigation's address is an argument and not a field of the event. */
function addUrls(contents: WebContents): void {
  const on = contents.on.bind(contents) as (event: string, listener: (...args: never[]) => void) => unknown;
  const patched = (event: string, listener: (...args: unknown[]) => void) =>
    on(event, (details: Record<string, unknown>, url?: unknown, isSameDocument?: unknown, isMainFrame?: unknown) => {
      if (typeof url !== 'string') return listener(details, url, isSameDocument, isMainFrame);
      return listener(Object.assign(details, { url, isSameDocument, isMainFrame }));
    });
  Object.assign(contents, { on: patched });
}
