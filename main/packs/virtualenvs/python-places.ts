import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where Pythons are looked for. */
export type PythonPlaces = {
  /** Cleaned: nothing of a virtualenv that the app itself was started in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
  /** The interpreter of the environment that the app was started in: taken where the machine has no other. */
  readonly lastResort?: string | undefined;
};

/** 3.11 and 3.10 first: from 3.12 on, modules are gone that real packs import (asyncore, distutils, imp). */
const MINORS: readonly number[] = [11, 10, 12, 13, 9, 14, 15, 8];

/** Files in the order of preference, those of the `preferred` minor versions first; each one exists. */
export function pythonCandidates(places: PythonPlaces, preferred: readonly number[] = []): string[] {
  const { platform, lastResort } = places;
  const folders = pathFolders(places);
  const installed = versionFolders(places);
  const minors = [...MINORS.filter((minor) => preferred.includes(minor)), ...MINORS];
  const exact = minors.flatMap((minor) => [
    ...inFolders(folders, `python3.${minor}`, platform),
    ...installed.filter(({ version }) => version.startsWith(`3.${minor}.`)).map(({ executable }) => executable),
  ]);
  const last = lastResort !== undefined && existsSync(lastResort) ? [lastResort] : [];
  return [...exact, ...inFolders(folders, 'python3', platform), ...inFolders(folders, 'python', platform), ...last];
}

/** The file that a name like `python3.12` means; the name itself where it is on no path. */
export function pythonNamed(places: PythonPlaces, name: string): string {
  if (path.isAbsolute(name)) return name;
  return inFolders(pathFolders(places), name, places.platform)[0] ?? name;
}

function pathFolders({ environment, platform }: PythonPlaces): string[] {
  const name = Object.keys(environment).find((key) => /^path$/i.test(key)) ?? 'PATH';
  // An app started from the Finder has the system's folders only on its PATH.
  const usual = platform === 'darwin' ? ['/opt/homebrew/bin', '/usr/local/bin'] : [];
  return [...(environment[name] ?? '').split(path.delimiter).filter((folder) => folder !== ''), ...usual];
}

function inFolders(folders: readonly string[], name: string, platform: NodeJS.Platform): string[] {
  const file = platform === 'win32' ? `${name}.exe` : name;
  return folders
    .map((folder) => path.join(folder, file))
    .filter((found) => existsSync(found) && !isStub(found, platform));
}

/** Not Pythons but programs that open a shop window: Windows' Store alias, macOS' offer to install developer tools. */
function isStub(file: string, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') return file.includes('\\Microsoft\\WindowsApps\\');
  return platform === 'darwin' && file.startsWith('/usr/bin/') && !existsSync('/Library/Developer/CommandLineTools');
}

/** Interpreters that pyenv and uv keep, newest first. */
function versionFolders({ environment, platform }: PythonPlaces): { version: string; executable: string }[] {
  const home = environment.HOME ?? environment.USERPROFILE ?? '';
  const data = environment.XDG_DATA_HOME ?? path.join(home, '.local', 'share');
  const uvData = platform === 'win32' ? path.join(environment.APPDATA ?? home, 'uv', 'python') : undefined;
  const roots = [
    path.join(environment.PYENV_ROOT ?? path.join(home, '.pyenv'), 'versions'),
    environment.UV_PYTHON_INSTALL_DIR ?? uvData ?? path.join(data, 'uv', 'python'),
  ];
  const found = roots.flatMap((root) =>
    namesIn(root).flatMap((name) => {
      const version = /^(?:cpython-)?(3\.\d+\.\d+)(?:-|$)/.exec(name)?.[1];
      const executable = path.join(root, name, ...(platform === 'win32' ? ['python.exe'] : ['bin', 'python3']));
      return version !== undefined && existsSync(executable) ? [{ version, executable }] : [];
    }),
  );
  return found.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Most machines have neither.
    return [];
  }
}
