import type { MenuItemConstructorOptions } from 'electron';

export type MenuActions = {
  /** The window's command bar. */
  openCommands(): void;
  openAt(route: string): void;
  openLogFolder(): void;
  openNotices(): void;
  checkForUpdates: (() => void) | undefined;
};

/** Without a menu, the shortcuts for copying, zoom and the developer tools would be gone too. */
export function applicationMenu(platform: NodeJS.Platform, actions: MenuActions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [appMenu(actions)] : []),
    fileMenu(isMac, actions),
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
    helpMenu(isMac, actions),
  ];
}

function appMenu(actions: MenuActions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      ...updateItem(actions),
      { type: 'separator' },
      { label: 'Settings …', accelerator: 'Command+,', click: () => actions.openAt('/settings') },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function fileMenu(isMac: boolean, actions: MenuActions): MenuItemConstructorOptions {
  const settings: MenuItemConstructorOptions[] = [
    { label: 'Settings', accelerator: 'Control+,', click: () => actions.openAt('/settings') },
  ];
  return {
    label: '&File',
    submenu: [
      { label: 'Find or run …', accelerator: 'CommandOrControl+Shift+P', click: () => actions.openCommands() },
      { label: 'New rule', accelerator: 'CommandOrControl+N', click: () => actions.openAt('/rules/new') },
      ...(isMac ? [] : settings),
      { type: 'separator' },
      // It hides the window; the tray stays.
      { role: 'close' },
      ...(isMac ? [] : ([{ role: 'quit' }] as const)),
    ],
  };
}

function helpMenu(isMac: boolean, actions: MenuActions): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      { label: 'Open the folder of logs', click: () => actions.openLogFolder() },
      { label: 'Licences of what Stormlet is made of', click: () => actions.openNotices() },
      ...(isMac ? [] : updateItem(actions)),
    ],
  };
}

function updateItem({ checkForUpdates }: MenuActions): MenuItemConstructorOptions[] {
  return checkForUpdates ? [{ label: 'Look for a newer version …', click: checkForUpdates }] : [];
}
