import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../kit/atomic-file.ts';
import type { AppSurface } from './electron-surface.ts';
import type { LaunchCommand } from './launch-command.ts';

export type LoginItemDeps = {
  readonly app: Pick<AppSurface, 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly launch: LaunchCommand;
  /** `~/.config`, or where the desktop has it. Linux only. */
  readonly configHome: string;
};

/** Starts the app with the session, into the tray, or no longer. */
export async function setLoginItem(deps: LoginItemDeps, isOn: boolean): Promise<void> {
  const { app, platform, launch, configHome } = deps;
  if (platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: isOn, args: [...launch.args, '--hidden'] });
    return;
  }
  const file = path.join(configHome, 'autostart', 'stormlet.desktop');
  if (!isOn) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, desktopEntry(launch), 0o644);
}

function desktopEntry({ command, args }: LaunchCommand): string {
  const exec = [command, ...args, '--hidden'].map(quoted).join(' ');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Stormlet',
    'Comment=Sensors, rules and actions in the tray',
    `Exec=${exec}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** As the Desktop Entry Specification quotes: first for its own strings, then for `Exec`. A `%` begins a field code. */
function quoted(word: string): string {
  const inQuotes = word.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%');
  return `"${inQuotes.replaceAll('\\', '\\\\')}"`;
}
