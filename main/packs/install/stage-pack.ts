import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { describeProblem, type Problem, StormletError } from '../../contract/errors.ts';
import type { PackInstallation } from '../../contract/packs.ts';
import { isoTime } from '../../kit/clock.ts';
import { incompatibility } from '../metadata/check-compatibility.ts';
import type { Dependency } from '../metadata/load-dependencies.ts';
import { loadPack, PackCaches } from '../metadata/load-pack.ts';
import { isReservedRef, type Pack } from '../pack.ts';
import { type Fetched, fetchSource } from '../sources/fetch-source.ts';
import { withoutPassword } from '../sources/git-url.ts';
import { builtInFault } from '../sources/resolve-source.ts';
import { newVersion } from '../versions.ts';
import { inStep, type Progress } from '../virtualenvs/build-virtualenv.ts';
import type { InstallDeps } from './install-deps.ts';
import { writeInstallation } from './installation.ts';
import { syncTree } from './sync-tree.ts';

/** A new version of a pack, whole and checked, that no link leads to yet. */
export type StagedPack = {
  readonly pack: Pack & { readonly manifest: NonNullable<Pack['manifest']> };
  /** Its folder in `packs/.versions`. */
  readonly version: string;
  readonly asked: string;
  readonly fetched: Fetched;
  /** It was not asked for, but is needed; `path` are the packs that lead to it. */
  readonly neededBy?: { readonly dependency: Dependency; readonly path: readonly string[] };
};

/** Fetches one pack and looks at it. When it fails, nothing of it stays. */
export async function stagePack(
  deps: InstallDeps,
  request: { readonly source: string; readonly force: boolean },
  progress: Progress,
  signal: AbortSignal,
): Promise<StagedPack> {
  const version = newVersion(deps.packsFolder);
  try {
    const fetched = await inStep(progress, 'fetch', () => fetchInto(deps, request.source, version, progress, signal));
    const { pack } = await inStep(progress, 'check', async () => {
      const pack = await checkFetched(deps, request, fetched);
      deps.checkpoint('checked');
      return { pack, detail: `${pack.ref} ${pack.manifest.version}`.trim() };
    });
    return { pack, version, asked: request.source, fetched };
  } catch (error) {
    await discardVersion(version);
    throw error;
  }
}

/**
 * Gives the new tree its name, StackStorm's old place of the configuration, which an update never touches, and a record of
 * where it came from. Returns the tree.
 */
export async function completeVersion(deps: InstallDeps, staged: StagedPack, target: string): Promise<string> {
  const tree = path.join(staged.version, path.basename(target));
  await rename(staged.fetched.folder, tree);
  const config = path.join(target, 'config.yaml');
  const isThere = await stat(config).catch(() => undefined);
  if (isThere?.isFile()) await copyFile(config, path.join(tree, 'config.yaml'));
  await writeInstallation(staged.version, installationOf(deps, staged));
  deps.checkpoint('record-written');
  await syncTree(staged.version);
  deps.checkpoint('tree-synced');
  return tree;
}

export async function discardVersion(version: string): Promise<void> {
  await rm(version, { recursive: true, force: true, maxRetries: 5 });
}

function installationOf({ clock, appVersion }: InstallDeps, { asked, fetched, pack }: StagedPack): PackInstallation {
  const { kind, origin, ref, commit } = fetched;
  return {
    source: withoutPassword(asked),
    kind,
    origin,
    ...(ref !== undefined && { ref }),
    ...(commit !== undefined && { commit }),
    version: pack.manifest.version,
    at: isoTime(clock),
    by: `Stormlet ${appVersion}`,
  };
}

async function fetchInto(
  deps: InstallDeps,
  source: string,
  version: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Fetched & { readonly detail: string }> {
  const report = {
    onOutput: progress.onOutput,
    onPercent: (percent: number, detail: string) =>
      progress.onStep({ name: 'fetch', state: 'running', percent, detail }),
  };
  await mkdir(version, { recursive: true });
  const fetched = await fetchSource(deps.sources, source, path.join(version, 'fetched'), report, signal);
  deps.checkpoint('fetched');
  return { ...fetched, detail: [fetched.origin, fetched.ref].filter(Boolean).join(' at ') };
}

async function checkFetched(
  deps: InstallDeps,
  request: { readonly force: boolean },
  fetched: Fetched,
): Promise<StagedPack['pack']> {
  const loaded = await loadPack(fetched.folder, 'installed', deps.configsFolder, new PackCaches());
  // Problems are to be mended where the pack came from.
  const problems = loaded.problems.map((problem) => inFolder(problem, fetched.folder, fetched.origin));
  const { manifest } = loaded;
  if (!manifest) throw manifestFault(problems);
  if (isReservedRef(manifest.ref)) throw builtInFault(manifest.ref);
  const misfit = request.force ? undefined : incompatibility(manifest);
  if (misfit) throw misfit;
  return { ...loaded, manifest, problems };
}

function inFolder(problem: Problem, staging: string, source: string): Problem {
  const { file } = problem;
  return file?.startsWith(staging) ? { ...problem, file: source + file.slice(staging.length) } : problem;
}

function manifestFault(problems: readonly Problem[]): StormletError {
  const [first] = problems.filter(({ severity }) => severity === 'error');
  return new StormletError({
    code: first?.code ?? 'pack/manifest-invalid',
    kind: 'pack',
    message: first ? describeProblem({ ...first, hint: undefined }) : 'pack.yaml cannot be used',
    ...(first?.hint !== undefined && { hint: first.hint }),
  });
}
