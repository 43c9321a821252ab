import path from 'node:path';
import type { NoticeButton } from '../contract/notices.ts';
import type { Client } from '../contract/rpc.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { serveAppFiles } from './app-protocol.ts';
import type { ElectronSurface } from './electron-surface.ts';
import { Notices } from './notices.ts';
import { type Connect, PageLink } from './page-link.ts';
import { quitInOrder } from './quit.ts';
import { guardContents, guardSession } from './security.ts';
import { Tray } from './tray.ts';
import { applicationMenu, Window } from './window.ts';

export type ShellOptions = {
  readonly files: { readonly renderer: string; readonly preload: string; readonly icons: string };
  readonly platform: NodeJS.Platform;
  /** Started with the session: the tray only. */
  readonly hidden: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Gives the window its own connection to the engine. */
  readonly connect: Connect;
  /** Ends the engine, if it is this process's to end. */
  stop(): Promise<void>;
};

/**
 * Opens the desktop's side of the app: window, tray, notices. Of the engine it takes only what any client has, so the
 * engine may as well live in another process. Call it once Electron is ready.
 */
export function startShell(electron: ElectronSurface, client: Client, options: ShellOptions): void {
  const { app, ipcMain, session, protocol, Menu } = electron;
  const { files, platform, clock, log, connect } = options;
  app.on('web-contents-created', (_event, contents) => guardContents(contents, log));
  guardSession(session.defaultSession);
  serveAppFiles(protocol, files.renderer);
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(platform)));

  const icon = path.join(files.icons, 'app.png');
  const window = new Window({ electron, preload: files.preload, icon, clock, log });
  const page = new PageLink({ ipcMain, contents: window.contents, connect, log });
  const openAt = (route: string) => {
    page.open(route);
    window.show();
  };
  const openExecution = (id: string | undefined) => openAt(routeOf(id));
  const open = () => window.show();
  const quit = () => app.quit();
  const actions = { open, openAt, openExecution, quit };
  const tray = new Tray({ electron, client, icons: files.icons, platform, actions, clock, log });
  const notices = new Notices({
    electron,
    open: openExecution,
    press: (button, execution) => press(client, button, execution, openExecution, log),
    isWatched: () => window.isFocused,
    onRefused: () => tray.missed(),
    log,
  });

  window.onLook(() => tray.sawWindow());
  app.on('second-instance', open);
  app.on('activate', open);
  quitInOrder({ app, clock, log, stop: () => options.stop() });
  client.notifications.onPosted((notice) => notices.show(notice));
  page.start();
  tray.start();
  window.start({ hidden: options.hidden });
}

/** What a button of a notice does. What the engine refuses, its page in the window explains. */
function press(client: Client, button: NoticeButton, id: string, open: (id: string) => void, log: Log): void {
  if (button.does === 'rerun') open(id);
  else {
    client.inquiries.respond({ id, response: button.response }).catch((error: unknown) => {
      log.warn('a button of a notice did nothing', { execution: id, error });
      open(id);
    });
  }
}

/** The window's own addresses (`renderer/app/router.tsx`). */
function routeOf(execution: string | undefined): string {
  return execution === undefined ? '/history' : `/history/executions/${encodeURIComponent(execution)}`;
}
