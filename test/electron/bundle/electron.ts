import { createInterface } from 'node:readline';
import { fakeElectron } from '../fake-electron.ts';

/*
 * What the built desktop app gets for Electron when plain Node runs it: the fake of the other tests, and what only the entry
 * and `electron-store` ask for. It obeys words on stdin, as a person would press things.
 */
const fake = fakeElectron();
const { surface } = fake;

export const app = Object.assign(fake.app, {
  whenReady: () => Promise.resolve(),
  getPath: () => process.cwd(),
  getVersion: () => '0.0.0',
  exit: (code = 0) => process.exit(code),
});
export const {
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} = surface;
// biome-ignore lint/style/noDefaultExport: `electron-store` imports it so.
export default { ...surface, app };

createInterface(process.stdin).on('line', (word) => {
  if (word === 'quit') app.quit();
  if (word === 'look') {
    const { urls = [], options } = fake.windows[0] ?? {};
    const seen = { urls, sandbox: options?.webPreferences?.sandbox, menu: fake.trays[0]?.labels, calls: app.calls };
    process.stdout.write(
      `${JSON.stringify({ ...seen, schemes: fake.protocol.schemes.map(({ scheme }) => scheme) })}\n`,
    );
  }
});
