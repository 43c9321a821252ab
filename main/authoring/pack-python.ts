import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import { createLog } from '../kit/log.ts';
import type { Pack } from '../packs/pack.ts';
import { BaseEnvironment, type ReadyBase } from '../packs/virtualenvs/base-environment.ts';
import { examineBase, whatBroke } from '../packs/virtualenvs/base-python.ts';
import { buildVirtualenv, hashRequirements, type Progress } from '../packs/virtualenvs/build-virtualenv.ts';
import { pythonIn } from '../packs/virtualenvs/installers.ts';
import { liveVersion, makeLive, readRecord, removeAllVersions } from '../packs/virtualenvs/virtualenv-versions.ts';
import { readRunFile } from '../rpc/run-file.ts';
import { isInstalled } from './find-pack.ts';
import type { Workbench } from './workbench.ts';

/** What a pack's Python is run with. */
export type PackPython = { readonly python: string; readonly baseSitePackages: string | undefined };

/** What a pack's tests need beside its requirements: StackStorm's name for the file, and the other one that is in use. */
export const TEST_REQUIREMENTS: readonly string[] = ['requirements-tests.txt', 'test-requirements.txt'];

/** Virtualenvs that no test has wanted for so long are taken away when the next one is built. */
const KEPT_DAYS = 30;

/**
 * The interpreter for a pack: of its own virtualenv where it is installed and has one that fits, of the base environment for
 * the app's own packs, else of a virtualenv in a cache, built when it is first wanted. `more` are requirement files of
 * the pack beside its requirements.txt.
 */
export async function packPython(
  bench: Workbench,
  pack: Pack,
  more: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<PackPython> {
  const base = await baseEnvironment(bench, progress);
  const files = ['requirements.txt', ...more].filter((name) => existsSync(path.join(pack.path, name)));
  const hasMore = files.some((name) => name !== 'requirements.txt');
  const baseSitePackages = base?.sitePackages;
  if (!hasMore && pack.origin === 'built-in' && pack.requirements.length === 0 && base) {
    return { python: base.python, baseSitePackages };
  }
  const own = hasMore || !isInstalled(bench, pack) ? undefined : installedPython(bench, pack);
  return { python: own ?? (await cachedPython(bench, pack, files, progress, signal)), baseSitePackages };
}

function installedPython(bench: Workbench, pack: Pack): string | undefined {
  const { folder, versions } = virtualenvFolders(bench);
  const live = liveVersion({ link: path.join(folder, pack.ref), versions, name: pack.ref });
  if (live === undefined || readRecord(live)?.requirementsHash !== hashRequirements(pack.requirements))
    return undefined;
  return whatBroke(live, process.platform) ? undefined : pythonIn(live, process.platform);
}

function virtualenvFolders({ folders }: Workbench) {
  const folder = path.join(folders.data, 'virtualenvs');
  return { folder, versions: path.join(folder, '.versions') };
}

async function cachedPython(
  bench: Workbench,
  pack: Pack,
  files: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const folder = path.join(bench.folders.data, 'test-virtualenvs');
  const paths = files.map((name) => path.join(pack.path, name));
  const lines = (await Promise.all(paths.map((file) => readFile(file, 'utf8')))).flatMap(requirementLines);
  const name = cacheName(bench, pack, lines);
  const place = { link: path.join(folder, name), versions: path.join(folder, '.versions'), name };
  const live = liveVersion(place);
  if (live !== undefined) await examineBase(bench.build.python, live, signal);
  if (live !== undefined && !whatBroke(live, process.platform)) {
    const now = new Date();
    await utimes(live, now, now);
    return pythonIn(live, process.platform);
  }
  await mkdir(folder, { recursive: true });
  await removeUnused(folder);
  // One file that names the others, since an installer takes one; each still resolves what it names beside itself.
  const requirementsFile = path.join(folder, `${name}.txt`);
  await writeFile(requirementsFile, paths.map((file) => `-r ${file}\n`).join(''));
  const python = { asked: '', remembered: '', packVersions: pack.manifest?.pythonVersions ?? [] };
  const request = { title: pack.ref, place, requirementsFile, requirements: lines, python };
  const built = await buildVirtualenv(bench.build, request, progress, signal).catch((error) => {
    throw withHint(error);
  });
  await makeLive(place, built.folder, built.record);
  return pythonIn(built.folder, process.platform);
}

/** The builder's own hint is for the app, which keeps the output. */
function withHint(error: unknown): unknown {
  if (!(error instanceof StormletError) || !error.code.startsWith('venv/')) return error;
  const { code, kind, message } = error;
  return new StormletError({ code, kind, message, hint: 'the output above says what is missing' }, { cause: error });
}

/** By what is asked for, so that packs which ask for the same share one. A line that names a file means it in its folder. */
function cacheName(bench: Workbench, pack: Pack, lines: readonly string[]): string {
  const isLocal = lines.some((line) => /^-|^\.|^file:|@ *file:/.test(line));
  const versions = pack.manifest?.pythonVersions ?? [];
  const parts = [bench.settings.python.interpreter, ...versions, isLocal ? pack.path : '', ...lines];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function requirementLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  return lines.filter((line) => line !== '');
}

async function removeUnused(folder: string): Promise<void> {
  const versions = path.join(folder, '.versions');
  const oldest = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
  for (const entry of await readdir(folder)) {
    const place = { link: path.join(folder, entry), versions, name: entry };
    const live = entry.startsWith('.') || entry.endsWith('.txt') ? undefined : liveVersion(place);
    if (live === undefined || (await stat(live)).mtimeMs >= oldest) continue;
    await removeAllVersions(place);
    await rm(`${place.link}.txt`, { force: true });
  }
}

/** Undefined where it cannot be had: a pack that requires all it imports does not miss it. */
async function baseEnvironment(bench: Workbench, progress: Progress): Promise<ReadyBase | undefined> {
  const log = createLog((line) => progress.onOutput('stderr', `${line}\n`), 'warn');
  await using base = new BaseEnvironment({
    link: path.join(bench.folders.data, 'base-environment'),
    versions: virtualenvFolders(bench).versions,
    requirementsFile: path.join(bench.app.python, 'base-requirements.txt'),
    build: bench.build,
    log,
  });
  const existing = base.existing();
  // A running app has built it, or is about to: two that build at once would clear away each other's work.
  if ((await readRunFile(bench.folders.data)) !== undefined) return existing;
  const make = () => base.ready().catch(() => undefined);
  if (existing) return make();
  progress.onStep({ name: 'base environment', state: 'running' });
  const made = await make();
  progress.onStep({ name: 'base environment', state: made ? 'done' : 'failed', detail: 'once for all packs' });
  return made;
}
