import { constants } from 'node:fs';
import { access, readdir, readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { DoctorCheck, LoopDelay } from './contract/engine.ts';
import { toFault } from './contract/errors.ts';
import type { HostFolders } from './host.ts';
import type { ActivatedEnvironment } from './packs/virtualenvs/activated-environment.ts';
import type { Python } from './packs/virtualenvs/find-python.ts';
import type { RunProgram } from './supervisor/run-program.ts';

export type DoctorDeps = {
  readonly nodeVersion: string;
  readonly folders: HostFolders;
  /** Cleaned, as children get it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly runProgram: RunProgram;
  /** The interpreter that a new virtualenv would be built with; throws, with a hint, when there is none. */
  findPython(): Promise<Python>;
  /** All that are there. */
  listPythons(): Promise<readonly Python[]>;
  /** The virtualenv or conda environment that this was started in. */
  readonly activated: ActivatedEnvironment | undefined;
  /** Whether packs may find modules of it. */
  readonly usesActivated: boolean;
  /** Why the virtualenv in a folder cannot serve, where that is so. */
  virtualenvFault(folder: string): string | undefined;
  /** For how long the app answered nobody, while it runs. */
  readonly loopDelay?: LoopDelay | undefined;
  /** Of the desktop app, while it runs: whether its tray icon is seen depends on the desktop. */
  readonly desktop?: { readonly platform: NodeJS.Platform } | undefined;
  /** Where the app listens, while it runs. */
  readonly addresses?: { readonly bus?: string; readonly http?: string } | undefined;
};

/** Looks at all that Stormlet needs of the machine. Changes nothing, and works whether or not the app runs. */
export async function runDoctor(deps: DoctorDeps): Promise<DoctorCheck[]> {
  const checks = await Promise.all([
    checkNode(deps.nodeVersion),
    checkPython(deps),
    checkUv(deps),
    ...activatedEnvironment(deps),
    checkGit(deps),
    checkWritable('settings folder', deps.folders.config),
    checkWritable('data folder', deps.folders.data),
    checkSpace(deps.folders.data),
    ...(deps.desktop?.platform === 'linux' ? [checkTray(deps)] : []),
    ...listening(deps.addresses),
    ...responsiveness(deps.loopDelay),
  ]);
  return [...checks, ...(await checkVirtualenvs(deps))];
}

const OLDEST_NODE = 24;
/** How long a program may take to say its version. */
const PROGRAM_LIMIT_MS = 5000;

function checkNode(version: string): DoctorCheck {
  const major = Number(/^v?(\d+)/.exec(version)?.[1]);
  if (major >= OLDEST_NODE) return ok('node', version);
  return { name: 'node', state: 'failed', detail: `${version} is too old`, hint: `Stormlet needs node ${OLDEST_NODE}` };
}

async function checkPython(deps: DoctorDeps): Promise<DoctorCheck> {
  try {
    const { executable, version, hasVenv } = await deps.findPython();
    const others = (await deps.listPythons()).filter((one) => one.executable !== executable);
    const also = others.length === 0 ? '' : `; there are also ${others.map((one) => one.version).join(', ')}`;
    if (hasVenv) return ok('python', `${version} at ${executable}${also}`);
    const hint = 'Debian ships it apart: `sudo apt install python3-venv`';
    return { name: 'python', state: 'warning', detail: `${executable} has no module \`venv\``, hint };
  } catch (error) {
    const { message, hint } = toFault(error);
    return { name: 'python', state: 'failed', detail: message, ...(hint !== undefined && { hint }) };
  }
}

async function checkUv(deps: DoctorDeps): Promise<DoctorCheck> {
  const end = await run(deps, 'uv', ['--version']);
  if (end.exitCode === 0) return ok('uv', firstLine(end.stdout));
  const tools = deps.folders.tools ?? path.join(deps.folders.data, 'tools');
  for (const file of ['bin/uv', 'Scripts/uv.exe'].map((name) => path.join(tools, name))) {
    const own = await run(deps, file, ['--version']);
    if (own.exitCode === 0) return ok('uv', `${firstLine(own.stdout)}, fetched to ${tools}`);
  }
  return ok('uv', 'none on PATH; Stormlet fetches its own when it needs it');
}

/** Nothing to mend: it explains where a module comes from, or why it does not. */
function activatedEnvironment({ activated, usesActivated }: DoctorDeps): DoctorCheck[] {
  if (!activated) return [];
  const { kind, folder, minor } = activated;
  const version = minor === undefined ? '' : ` of Python 3.${minor}`;
  const use = usesActivated ? 'packs on that version find its modules after all else' : 'not used, as the settings say';
  return [ok('started in', `the ${kind} ${folder}${version}: ${use}`)];
}

async function checkGit(deps: DoctorDeps): Promise<DoctorCheck> {
  const end = await run(deps, 'git', ['--version']);
  if (end.exitCode === 0) return ok('git', firstLine(end.stdout));
  const hint = 'install git; without it packs come from folders and archives only';
  return { name: 'git', state: 'warning', detail: 'not found on PATH', hint };
}

const PANEL = 'org.kde.StatusNotifierWatcher';

/** Which panels there are is asked of the session's bus; where nobody can be asked, nothing is said. */
async function checkTray(deps: DoctorDeps): Promise<DoctorCheck> {
  const method = ['/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner', `string:${PANEL}`];
  const args = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', ...method];
  const end = await run(deps, 'dbus-send', args);
  if (end.exitCode !== 0) return ok('tray', 'whether this desktop shows tray icons is not known');
  if (end.stdout.includes('boolean true')) return ok('tray', 'this desktop shows tray icons');
  const hint =
    'on GNOME the extension AppIndicator brings them; without, a second start shows the window, in which Ctrl+Q quits';
  return { name: 'tray', state: 'warning', detail: 'this desktop shows no tray icons', hint };
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

function run(deps: DoctorDeps, command: string, args: readonly string[]) {
  const limit = AbortSignal.timeout(PROGRAM_LIMIT_MS);
  return deps.runProgram({ command, args, env: deps.environment }, limit);
}

/** A folder that is not there yet is made at the first start, so what counts is the first one above it that is. */
async function checkWritable(name: string, folder: string): Promise<DoctorCheck> {
  const existing = await nearestExisting(folder);
  try {
    await access(existing, constants.W_OK | constants.X_OK);
    return ok(name, folder);
  } catch {
    const hint = `make \`${existing}\` writable, or set \`STORMLET_HOME\` to a folder that is`;
    return { name, state: 'failed', detail: `${folder} cannot be written`, hint };
  }
}

const MEGABYTE = 1024 * 1024;
/** A virtualenv with a few packages takes 50 to 200 MB. */
const LITTLE_SPACE = 500 * MEGABYTE;

async function checkSpace(folder: string): Promise<DoctorCheck> {
  const { bavail, bsize } = await statfs(await nearestExisting(folder));
  const free = bavail * bsize;
  const detail = `${Math.floor(free / MEGABYTE)} MB free for ${folder}`;
  if (free >= LITTLE_SPACE) return ok('disk space', detail);
  return { name: 'disk space', state: 'warning', detail, hint: 'virtualenvs may not fit; free some space' };
}

async function nearestExisting(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  return exists || parent === folder ? folder : nearestExisting(parent);
}

/** Longer than this a person notices. */
const LATE_MS = 500;

function responsiveness(delay: LoopDelay | undefined): DoctorCheck[] {
  if (!delay) return [];
  const detail = `at worst ${delay.maxMs} ms in the last minute`;
  if (delay.maxMs < LATE_MS) return [ok('answers within', detail)];
  const hint =
    'the machine is busy, or the disk slow; fewer actions at one time help: `stormlet limits set concurrency=2`';
  return [{ name: 'answers within', state: 'warning', detail, hint }];
}

function listening(addresses: DoctorDeps['addresses']): DoctorCheck[] {
  return [
    ...(addresses?.bus ? [ok('bus', addresses.bus)] : []),
    ...(addresses?.http ? [ok('http', addresses.http)] : []),
  ];
}

async function checkVirtualenvs(deps: DoctorDeps): Promise<DoctorCheck[]> {
  const folder = path.join(deps.folders.data, 'virtualenvs');
  const names = await readdir(folder).catch(() => []);
  const packs = names.filter((name) => !name.startsWith('.')).sort();
  const checks = await Promise.all(packs.map((name) => checkVirtualenv(deps, name, path.join(folder, name))));
  return checks.filter((check) => check !== undefined);
}

/** `pyvenv.cfg` names the folder of the interpreter that a virtualenv was made with; an upgrade of Python may remove it. */
async function checkVirtualenv(deps: DoctorDeps, pack: string, folder: string): Promise<DoctorCheck | undefined> {
  const config = await readFile(path.join(folder, 'pyvenv.cfg'), 'utf8').catch(() => undefined);
  const home = config && /^home\s*=\s*(.+)$/m.exec(config)?.[1]?.trim();
  if (!home) return undefined;
  const name = `virtualenv of ${pack}`;
  const hint = `\`stormlet pack setup-virtualenv ${pack}\` builds it again`;
  const fault = deps.virtualenvFault(folder);
  if (fault !== undefined) return { name, state: 'failed', detail: fault, hint };
  if (await isThere(home)) return ok(name, home);
  return { name, state: 'failed', detail: `its base interpreter is gone from ${home}`, hint };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function ok(name: string, detail: string): DoctorCheck {
  return { name, state: 'ok', detail };
}
