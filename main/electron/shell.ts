import path from 'node:path';
import type { NoticeButton } from '../contract/notices.ts';
import type { Client } from '../contract/rpc.ts';
import { COMMAND_BAR } from '../contract/window-requests.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { serveAppFiles } from './app-protocol.ts';
import { applicationMenu } from './application-menu.ts';
import { CommandBarShortcut } from './command-bar-shortcut.ts';
import { DeepLinks } from './deep-links.ts';
import { guardDownloads } from './downloads.ts';
import { takeDroppedPacks } from './dropped-packs.ts';
import type { ElectronSurface } from './electron-surface.ts';
import { followSettings } from './follow-settings.ts';
import { InstallPrompt } from './install-prompt.ts';
import type { LaunchCommand } from './launch-command.ts';
import { setLoginItem } from './login-item.ts';
import { ACTION_PROCESS } from './node-processes.ts';
import { Notices } from './notices.ts';
import { type Connect, PageLink } from './page-link.ts';
import { quitInOrder } from './quit.ts';
import type { DesktopFiles } from './resource-folders.ts';
import { guardContents, guardSession } from './security.ts';
import { desktopShortcuts } from './shortcuts.ts';
import { Tray } from './tray.ts';
import { type UpdaterSurface, Updates } from './updates.ts';
import { Window } from './window.ts';
import { WindowState } from './window-state.ts';

export type ShellOptions = {
  readonly files: Pick<DesktopFiles, 'renderer' | 'preload' | 'icons' | 'notices'>;
  /** For what the window remembers, and where the logs are. */
  readonly dataFolder: string;
  readonly platform: NodeJS.Platform;
  /** Of this start. `--hidden`: with the session, into the tray only. */
  readonly args: readonly string[];
  readonly launch: LaunchCommand;
  /** `~/.config`, or where a Linux desktop has it. */
  readonly configHome: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent in a package that cannot be updated from within. */
  readonly updater?: UpdaterSurface | undefined;
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
  const { app, ipcMain, session, protocol } = electron;
  const { files, platform, clock, log, connect } = options;
  app.on('web-contents-created', (_event, contents) => guardContents(contents, log));
  guardSession(session.defaultSession);
  serveAppFiles(protocol, files.renderer);

  const state = new WindowState({ folder: options.dataFolder, clock, log });
  const quit = () => app.quit();
  const icon = path.join(files.icons, 'app.png');
  const onFirstClose = () => void tellThatItGoesOn(client, notices, log);
  const window = new Window({ electron, preload: files.preload, icon, state, onFirstClose, quit, clock, log });
  const page = new PageLink({ ipcMain, contents: window.contents, connect, log });
  const open = () => window.show();
  const openAt = (route: string) => {
    page.open(route);
    window.show();
  };
  const openExecution = (id: string | undefined) => openAt(routeOf(id));
  const tray = new Tray({
    electron,
    client,
    icons: files.icons,
    platform,
    actions: { open, openAt, openExecution, quit },
    clock,
    log,
  });
  const notices = new Notices({
    electron,
    open: openExecution,
    openKept: (id) => openKept(client, id, openExecution, log),
    press: (button, execution) => press(client, button, execution, openExecution, log),
    isWatched: () => window.isFocused,
    onRefused: () => tray.missed(),
    log,
  });
  const tell = (title: string, body: string) => notices.tell(title, body);
  guardDownloads({ session: session.defaultSession, tell, log });
  const prompt = new InstallPrompt({ electron, client, openExecution, log });
  const links = new DeepLinks({ app, launch: options.launch, prompt, log });

  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    // An action tells of its end by itself, and Chromium starts the others again.
    if (reason !== 'clean-exit' && name !== ACTION_PROCESS)
      log.warn('a process of the window was lost', { type, reason, exitCode });
  });
  window.onLook(() => tray.sawWindow());
  // A session that begins while the app runs already is no wish to see it.
  app.on('second-instance', (_event, argv) => argv.includes('--hidden') || open());
  app.on('activate', open);
  electron.powerMonitor.on('shutdown', quit);
  quitInOrder({ app, clock, log, stop: () => state.write().then(options.stop) });
  if (platform === 'win32') electron.Notification.handleActivation((details) => notices.activate(details.arguments));
  client.notifications.onPosted((notice) => notices.show(notice));
  takeDroppedPacks({ ipcMain, contents: window.contents, prompt, log });
  links.start(options.args);
  page.start();
  tray.start();
  window.start({ hidden: options.args.includes('--hidden') });
  const updates = options.updater && new Updates({ updater: options.updater, tell, clock, log });
  showMenu(electron, options, openAt, updates);
  followSettings({
    client,
    links,
    commandBar: new CommandBarShortcut({
      shortcuts: desktopShortcuts(electron.globalShortcut),
      open: () => openAt(COMMAND_BAR),
      onRefused: (keys, why) => notices.tell(`\`${keys}\` opens no command bar`, KEYS_REFUSED[why]),
    }),
    setLoginItem: (isOn) => setLoginItem({ app, ...options }, isOn),
    setUpdates: (choice) => updates?.become(choice),
    log,
  });
}

/** Not every desktop shows a tray; where it is known that this one does not, it is no use to speak of it. */
async function tellThatItGoesOn(client: Client, notices: Notices, log: Log): Promise<void> {
  const checks = await client.engine.doctor().catch((error: unknown) => {
    log.warn('the machine could not be examined', { error });
    return [];
  });
  const isUnseen = checks.some(({ name, state }) => name === 'tray' && state === 'warning');
  if (isUnseen) notices.tell('Stormlet goes on without its window', `${GOES_ON} ${WITHOUT_TRAY}`);
  else notices.tell('Stormlet goes on in the tray', `${GOES_ON} ${WITH_TRAY}`);
}

const GOES_ON = 'Sensors, rules and actions keep working.';
const WITH_TRAY = 'The tray’s menu quits, and opens the window again, as starting it once more does.';
const WITHOUT_TRAY =
  'This desktop shows no tray icons. Starting Stormlet once more shows the window again, and Ctrl+Q in it quits.';
const KEYS_REFUSED = {
  taken: 'Another program or the desktop has these keys. The settings take others.',
  invalid: 'They name no keys. The settings take, for example, `CommandOrControl+Shift+Space`.',
} as const;

function showMenu(
  electron: ElectronSurface,
  options: ShellOptions,
  openAt: (route: string) => void,
  updates: Updates | undefined,
): void {
  const { Menu, shell } = electron;
  const show = (file: string) =>
    shell.openPath(file).then(
      (problem) => problem !== '' && options.log.warn('a file could not be shown', { file, problem }),
      (error: unknown) => options.log.warn('a file could not be shown', { file, error }),
    );
  const template = applicationMenu(options.platform, {
    openAt,
    openCommands: () => openAt(COMMAND_BAR),
    openLogFolder: () => void show(path.join(options.dataFolder, 'logs')),
    openNotices: () => void show(options.files.notices),
    checkForUpdates: updates && (() => void updates.lookNow()),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** What a button of a notice does. What the engine refuses, its page in the window explains. */
function press(client: Client, button: NoticeButton, id: string, open: (id: string) => void, log: Log): void {
  const work =
    button.does === 'rerun'
      ? client.executions.rerun({ id })
      : client.inquiries.respond({ id, response: button.response });
  work.catch((error: unknown) => {
    log.warn('a button of a notice did nothing', { execution: id, error });
    open(id);
  });
}

function openKept(client: Client, id: string, open: (execution: string | undefined) => void, log: Log): void {
  client.notifications.recent().then(
    (notices) => open(notices.find((notice) => notice.id === id)?.execution),
    (error: unknown) => log.warn('what a notice was about could not be found', { notice: id, error }),
  );
}

/** The window's own addresses (`renderer/app/router.tsx`). */
function routeOf(execution: string | undefined): string {
  return execution === undefined ? '/history' : `/history/executions/${encodeURIComponent(execution)}`;
}
