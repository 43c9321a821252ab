/** How this very app is started from outside: at login, or by an address. */
export type LaunchCommand = { readonly command: string; readonly args: readonly string[] };

export function launchCommand(given: {
  readonly isPackaged: boolean;
  /** The running program. */
  readonly executable: string;
  readonly appPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): LaunchCommand {
  const { isPackaged, executable, appPath, environment } = given;
  // From sources, the program is Electron itself, which has to be told what to start.
  if (!isPackaged) return { command: executable, args: [appPath] };
  // An AppImage runs from a place that is gone after it; the file itself is named here.
  return { command: environment.APPIMAGE ?? executable, args: [] };
}
