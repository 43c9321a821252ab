import { realpathSync } from 'node:fs';
import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { RunProgram } from '../../supervisor/run-program.ts';
import { type PythonPlaces, pythonCandidates, pythonNamed } from './python-places.ts';

/** An interpreter that virtualenvs can be built from. */
export type Python = {
  /** Outside any virtualenv. */
  readonly executable: string;
  /** `3.11.7` */
  readonly version: string;
  /** False on a Debian without python3-venv: then only uv can build. */
  readonly hasVenv: boolean;
};

export type FindPythonDeps = PythonPlaces & { readonly runProgram: RunProgram };

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

/**
 * The interpreter that the person chose, or the most fitting one of this machine: of the `preferred` minor versions where
 * there is one, else of any.
 */
export async function findPython(
  deps: FindPythonDeps,
  chosen: string,
  signal: AbortSignal,
  preferred: readonly number[] = [],
): Promise<Python> {
  if (chosen !== '') return chosenPython(deps, chosen, signal);
  let withoutVenv: Python | undefined;
  for await (const python of pythons(deps, preferred, signal)) {
    if (python.hasVenv) return python;
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

/** All that are found, the most fitting first. */
export async function listPythons(deps: FindPythonDeps, signal: AbortSignal): Promise<Python[]> {
  const found = new Map<string, Python>();
  for await (const python of pythons(deps, [], signal)) {
    const real = realFile(python.executable);
    if (!found.has(real)) found.set(real, python);
  }
  return [...found.values()];
}

/** `11` of `3.11.7`. */
export function minorOf(version: string): number {
  return Number(/^3\.(\d+)/.exec(version)?.[1]);
}

/** How to get a Python, by platform. */
export function installHint(platform: NodeJS.Platform): string {
  const otherwise = 'or name one in the settings as `python.interpreter`';
  if (platform === 'win32') return `run \`winget install Python.Python.3.11\`, ${otherwise}`;
  if (platform === 'darwin') return `run \`brew install python@3.11\`, ${otherwise}`;
  return `run \`sudo apt install python3 python3-venv\` or your system's equal of it, ${otherwise}`;
}

async function* pythons(deps: FindPythonDeps, preferred: readonly number[], signal: AbortSignal) {
  const asked = new Set<string>();
  for (const candidate of pythonCandidates(deps, preferred)) {
    const real = realFile(candidate);
    if (asked.has(real)) continue;
    asked.add(real);
    const python = await probePython(deps, candidate, signal);
    if (python) yield python;
  }
}

function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Gone since it was found; what is asked of it will say so.
    return file;
  }
}

async function chosenPython(deps: FindPythonDeps, chosen: string, signal: AbortSignal): Promise<Python> {
  const python = await probePython(deps, pythonNamed(deps, chosen), signal);
  if (python) return python;
  throw new StormletError({
    code: 'python/interpreter-unusable',
    kind: 'user',
    message: `\`${chosen}\` is no Python from 3.${OLDEST_MINOR} on that can be run`,
    hint: 'name another interpreter, or leave the choice empty to have one found',
  });
}

/** Asks an interpreter what it is; undefined when it cannot be run, or is none that packs can use. */
export async function probePython(
  deps: Pick<FindPythonDeps, 'runProgram' | 'environment'>,
  file: string,
  signal: AbortSignal,
): Promise<Python | undefined> {
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
