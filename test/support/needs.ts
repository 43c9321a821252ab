import { existsSync } from 'node:fs';
import path from 'node:path';

/** A program or folder of the machine that some tests cannot do without. */
export type Need = 'chromium' | 'mosquitto' | 'mosquitto_pub' | 'git' | 'sshd' | 'electron';
export type Needed = Available | Missing;
type Available = { readonly skip: false; readonly path: string; readonly reason: '' };
/** `reason` goes at the end of the title, where `npm test` finds it. */
type Missing = { readonly skip: true; readonly path: undefined; readonly reason: string };

/**
 * Looks for what a test needs:
 *
 *     const chromium = needs('chromium');
 *     test.skipIf(chromium.skip)(`the window opens${chromium.reason}`, …)
 *
 * Throws, so that the file fails, where `STORMLET_REQUIRE` names it (`chromium,mosquitto,git,sshd`).
 */
export function needs(need: Need): Needed {
  const found = LOCATIONS[need]().find((file) => existsSync(file));
  if (found) return { skip: false, path: found, reason: '' };
  if (isRequired(need)) {
    throw new Error(`\`${need}\` is required here (STORMLET_REQUIRE) and was not found`);
  }
  return { skip: true, path: undefined, reason: ` (skipped: ${ABSENCES[need]})` };
}

/** `STORMLET_REQUIRE_ELECTRON=1` is a word of its own: it also lets the app's window open on this very desktop. */
function isRequired(need: Need): boolean {
  if (need === 'electron' && process.env.STORMLET_REQUIRE_ELECTRON === '1') return true;
  return (process.env.STORMLET_REQUIRE ?? '').split(',').includes(need);
}

const LOCATIONS: Readonly<Record<Need, () => readonly string[]>> = {
  chromium: () => [
    ...named('STORMLET_CHROMIUM'),
    ...onPath('chromium', 'chromium-browser', 'google-chrome', 'chrome', 'msedge'),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
  // Debian puts servers where a person's PATH does not lead.
  mosquitto: () => [...onPath('mosquitto'), '/usr/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'],
  mosquitto_pub: () => onPath('mosquitto_pub'),
  git: () => onPath('git'),
  // It asks to be called by its whole path.
  sshd: () => [...onPath('sshd'), '/usr/sbin/sshd'],
  electron: () => electronPrograms(),
};

const ABSENCES: Readonly<Record<Need, string>> = {
  chromium: 'no Chromium or Chrome on this machine; `STORMLET_CHROMIUM` may name one',
  mosquitto: 'no mosquitto on this machine',
  mosquitto_pub: 'no clients of Mosquitto on this machine',
  git: 'no git on this machine',
  sshd: 'no OpenSSH server on this machine',
  electron: '`STORMLET_ELECTRON_DIST` names no unpacked Electron; `npm run smoke:electron` says more',
};

/** The one among the dependencies only where it is asked for: nobody wants windows to open while tests run. */
function electronPrograms(): string[] {
  const own = process.env.STORMLET_REQUIRE_ELECTRON === '1' ? [path.resolve('node_modules/electron/dist')] : [];
  const program = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string];
  return [...named('STORMLET_ELECTRON_DIST'), ...own].map((folder) => path.join(folder, program ?? 'electron'));
}

function named(variable: string): string[] {
  const value = process.env[variable];
  return value ? [value] : [];
}

function onPath(...names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  return folders.flatMap((folder) =>
    names.flatMap((name) => endings.map((ending) => path.join(folder, `${name}${ending}`))),
  );
}
