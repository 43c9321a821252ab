import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Editor } from '../contract/files.ts';
import { findOnPath } from '../kit/find-on-path.ts';

/** Editors with a window of their own; one in a terminal needs a terminal, which only the person can name. */
type KnownEditor = {
  readonly name: string;
  /** Under any of these names on PATH. */
  readonly programs: readonly string[];
  readonly args: string;
  /** Where its installer puts it without touching PATH. */
  readonly mac?: string;
  /** Below the folders for programs. */
  readonly windows?: string;
};

const GO_TO = '-g {file}:{line}';
const PLACE = '{file}:{line}';
const LINE_OPTION = '--line {line} {file}';

const KNOWN: readonly KnownEditor[] = [
  {
    name: 'Visual Studio Code',
    programs: ['code'],
    args: GO_TO,
    mac: '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
    windows: 'Microsoft VS Code\\Code.exe',
  },
  {
    name: 'VSCodium',
    programs: ['codium', 'vscodium'],
    args: GO_TO,
    mac: '/Applications/VSCodium.app/Contents/Resources/app/bin/codium',
    windows: 'VSCodium\\VSCodium.exe',
  },
  {
    name: 'Zed',
    programs: ['zed', 'zeditor', 'zedit'],
    args: PLACE,
    mac: '/Applications/Zed.app/Contents/MacOS/cli',
  },
  {
    name: 'Sublime Text',
    programs: ['subl', 'sublime_text'],
    args: PLACE,
    mac: '/Applications/Sublime Text.app/Contents/SharedSupport/bin/subl',
    windows: 'Sublime Text\\subl.exe',
  },
  { name: 'PyCharm', programs: ['pycharm', 'charm', 'pycharm-community', 'pycharm-professional'], args: LINE_OPTION },
  { name: 'IntelliJ IDEA', programs: ['idea', 'intellij-idea-community'], args: LINE_OPTION },
  { name: 'WebStorm', programs: ['webstorm'], args: LINE_OPTION },
];

export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string>>;
};

/** Those of this machine, the first is the one that is used where the settings name none. */
export function findEditors(machine: Machine): Editor[] {
  return KNOWN.flatMap((known) => {
    const program = programOf(known, machine);
    return program === undefined ? [] : [{ name: known.name, command: `${quoted(program)} ${known.args}` }];
  });
}

function programOf({ programs, mac, windows }: KnownEditor, { platform, environment }: Machine): string | undefined {
  const usual = platform === 'darwin' ? [mac] : platform === 'win32' ? windowsPlaces(environment, windows) : [];
  return (
    // The file itself on Windows, where the name alone may be a script for the command prompt.
    usual.find((file) => file !== undefined && existsSync(file)) ??
    programs.find((name) => findOnPath(name, environment, platform) !== undefined)
  );
}

function windowsPlaces(environment: Machine['environment'], below: string | undefined): string[] {
  if (below === undefined) return [];
  const { LOCALAPPDATA: local, ProgramFiles: all } = environment;
  const folders = [local && path.join(local, 'Programs'), all].filter(
    (folder) => folder !== undefined && folder !== '',
  );
  return folders.map((folder) => path.join(String(folder), below));
}

function quoted(program: string): string {
  return program.includes(' ') ? `"${program}"` : program;
}

/**
 * What the system shows text with. On Windows, and with `open` alone on macOS, the program of a file's type would run a
 * script that was to be read.
 */
export function systemOpener({ platform, environment }: Machine, isFolder: boolean): Editor | undefined {
  if (platform === 'win32') return { name: 'Windows', command: `${isFolder ? 'explorer.exe' : 'notepad.exe'} {file}` };
  if (platform === 'darwin') return { name: 'macOS', command: `open ${isFolder ? '' : '-t '}{file}` };
  const isThere = findOnPath('xdg-open', environment, platform) !== undefined;
  return isThere ? { name: 'the program for its type', command: 'xdg-open {file}' } : undefined;
}

/** Nothing can be shown over SSH, or by a service; on the other systems there is always somebody's session. */
export function hasDesktop({ platform, environment }: Machine): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
