import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { RunProgram } from '../../supervisor/run-program.ts';

/** An interpreter that virtualenvs can be built from. */
export type Python = {
  /** Outside any virtualenv. */
  readonly executable: string;
  /** `3.11.7` */
  readonly version: string;
  /** False on a Debian without python3-venv: then only uv can build. */
  readonly hasVenv: boolean;
};

export type FindPythonDeps = {
  readonly runProgram: RunProgram;
  /** Cleaned: nothing of a virtualenv that the app itself was started in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
};

/** 3.11 and 3.10 first: from 3.12 on, modules are gone that real packs import (asyncore, distutils, imp). */
const MINORS: readonly number[] = [11, 10, 12, 13, 9, 14, 15, 8];
const OLDEST_MINOR = 8;
const PROBE_TIMEOUT_MS = 15_000;

/** What an interpreter says of itself. Prints one line of JSON, on any Python from 2.7 on. */
const PROBE = `
import json, os, sys
base = getattr(sys, "base_prefix", sys.prefix)
executable = sys.executable
if base != sys.prefix:
    name = "python%d.%d" % sys.version_info[:2]
    found = [os.path.join(base, *parts) for parts in (("bin", name), ("bin", "python3"), ("python.exe",))]
    found += [getattr(sys, "_base_executable", executable)]
    executable = [file for file in found if os.path.exists(file)][0]
try:
    import ensurepip, venv
    has_venv = True
except ImportError:
    has_venv = False
print(json.dumps([executable, list(sys.version_info[:3]), has_venv]))
`;

/** The interpreter that the person chose, or the most fitting one of this machine. */
export async function findPython(deps: FindPythonDeps, chosen: string, signal: AbortSignal): Promise<Python> {
  if (chosen !== '') return chosenPython(deps, chosen, signal);
  let withoutVenv: Python | undefined;
  const asked = new Set<string>();
  for (const candidate of candidates(deps)) {
    const real = realpathSync(candidate);
    if (asked.has(real)) continue;
    asked.add(real);
    const python = await probe(deps, candidate, signal);
    if (python?.hasVenv) return python;
    withoutVenv ??= python;
  }
  if (withoutVenv) return withoutVenv;
  throw new StormletError({
    code: 'python/not-found',
    kind: 'environment',
    message: `no Python from 3.${OLDEST_MINOR} on was found on this machine`,
    hint: installHint(deps.platform),
  });
}

/** How to get a Python, by platform. */
export function installHint(platform: NodeJS.Platform): string {
  const otherwise = 'or name one in the settings as `python.interpreter`';
  if (platform === 'win32') return `run \`winget install Python.Python.3.11\`, ${otherwise}`;
  if (platform === 'darwin') return `run \`brew install python@3.11\`, ${otherwise}`;
  return `run \`sudo apt install python3 python3-venv\` or your system's equal of it, ${otherwise}`;
}

async function chosenPython(deps: FindPythonDeps, chosen: string, signal: AbortSignal): Promise<Python> {
  const file = path.isAbsolute(chosen) ? chosen : (inFolders(pathFolders(deps), chosen, deps.platform)[0] ?? chosen);
  const python = await probe(deps, file, signal);
  if (python) return python;
  throw new StormletError({
    code: 'python/interpreter-unusable',
    kind: 'user',
    message: `\`${chosen}\` is no Python from 3.${OLDEST_MINOR} on that can be run`,
    hint: 'name another interpreter, or leave the choice empty to have one found',
  });
}

/** Files in the order of preference; each one exists. */
function candidates(deps: FindPythonDeps): string[] {
  const { platform } = deps;
  const folders = pathFolders(deps);
  const installed = versionFolders(deps);
  const exact = MINORS.flatMap((minor) => [
    ...inFolders(folders, `python3.${minor}`, platform),
    ...installed.filter(({ version }) => version.startsWith(`3.${minor}.`)).map(({ executable }) => executable),
  ]);
  return [...exact, ...inFolders(folders, 'python3', platform), ...inFolders(folders, 'python', platform)];
}

function pathFolders({ environment, platform }: FindPythonDeps): string[] {
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
function versionFolders({ environment, platform }: FindPythonDeps): { version: string; executable: string }[] {
  const home = environment.HOME ?? environment.USERPROFILE ?? '';
  const data = environment.XDG_DATA_HOME ?? path.join(home, '.local', 'share');
  const roots = [
    path.join(environment.PYENV_ROOT ?? path.join(home, '.pyenv'), 'versions'),
    environment.UV_PYTHON_INSTALL_DIR ?? path.join(data, 'uv', 'python'),
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

async function probe(deps: FindPythonDeps, file: string, signal: AbortSignal): Promise<Python | undefined> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort('timeout'), PROBE_TIMEOUT_MS);
  try {
    const end = await deps.runProgram(
      { command: file, args: ['-I', '-c', PROBE], env: deps.environment },
      AbortSignal.any([signal, limit.signal]),
    );
    throwIfCanceled(signal);
    return end.exitCode === 0 ? parseProbe(end.stdout) : undefined;
  } finally {
    clearTimeout(timer);
  }
}

function parseProbe(printed: string): Python | undefined {
  const line = printed.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('[')) return undefined;
  const [executable, version, hasVenv] = JSON.parse(line) as [string, [number, number, number], boolean];
  if (version[0] !== 3 || version[1] < OLDEST_MINOR) return undefined;
  return { executable, version: version.join('.'), hasVenv };
}
