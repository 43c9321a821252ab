import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describeProblem, type Problem, StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { KeyedLock } from '../../kit/keyed-lock.ts';
import { incompatibility } from '../metadata/check-compatibility.ts';
import { loadPack, PackCaches } from '../metadata/load-pack.ts';
import { isReservedRef, type Pack } from '../pack.ts';
import type { PackRegistry } from '../pack-registry.ts';
import { type Fetched, fetchSource, type SourceDeps } from '../sources/fetch-source.ts';
import { builtInFault } from '../sources/resolve-source.ts';
import { type BuiltVirtualenv, inStep, type Progress } from '../virtualenvs/build-virtualenv.ts';
import { needsVirtualenv, type Virtualenvs } from '../virtualenvs/virtualenvs.ts';
import { stagingFolder, swapIn } from './swap-pack.ts';

export type InstallDeps = {
  readonly registry: PackRegistry;
  readonly virtualenvs: Virtualenvs;
  readonly lock: KeyedLock;
  readonly sources: SourceDeps;
  readonly packsFolder: string;
  readonly configsFolder: string;
};

export type InstallRequest = {
  readonly source: string;
  /** Installs also what says that it needs Python 2. */
  readonly force: boolean;
  readonly interpreter: string;
};

export type Installed = {
  readonly ref: string;
  readonly version: string;
  readonly path: string;
  readonly warnings: string[];
};

/**
 * Installs or updates one pack. All is built aside and swapped in at the end, so a failure or a cancel at any step leaves
 * what was there. One exception: on a first install, requirements that cannot be installed leave the pack in place, not
 * ready, since its author or its user can then mend and retry.
 */
export async function installPack(
  deps: InstallDeps,
  request: InstallRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<Installed> {
  const staging = stagingFolder(deps.packsFolder);
  try {
    const fetched = await inStep(progress, 'fetch', () => fetchInto(deps, request, staging, progress, signal));
    const staged = await inStep(progress, 'check', async () => {
      const pack = await checkStaged(deps, request, staging, fetched.origin);
      return { pack, detail: `${pack.ref} ${pack.manifest?.version ?? ''}`.trim() };
    });
    return await deps.lock.run(
      staged.pack.ref,
      () => installStaged(deps, request, staged.pack, progress, signal),
      signal,
    );
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function fetchInto(
  deps: InstallDeps,
  request: InstallRequest,
  staging: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Fetched & { detail: string }> {
  const report = {
    onOutput: progress.onOutput,
    onPercent: (percent: number, detail: string) =>
      progress.onStep({ name: 'fetch', state: 'running', percent, detail }),
  };
  const fetched = await fetchSource(deps.sources, request.source, staging, report, signal);
  return { ...fetched, detail: [fetched.origin, fetched.ref].filter(Boolean).join(' at ') };
}

async function checkStaged(deps: InstallDeps, request: InstallRequest, staging: string, source: string): Promise<Pack> {
  const loaded = await loadPack(staging, 'installed', deps.configsFolder, new PackCaches());
  // Problems are to be mended where the pack came from.
  const problems = loaded.problems.map((problem) => inFolder(problem, staging, source));
  const { manifest } = loaded;
  if (!manifest) throw manifestFault(problems);
  if (isReservedRef(manifest.ref)) throw builtInFault(manifest.ref);
  const misfit = request.force ? undefined : incompatibility(manifest);
  if (misfit) throw misfit;
  return { ...loaded, problems };
}

async function installStaged(
  deps: InstallDeps,
  request: InstallRequest,
  staged: Pack,
  progress: Progress,
  signal: AbortSignal,
): Promise<Installed> {
  const { registry, virtualenvs } = deps;
  const old = registry.get(staged.ref);
  const target = old && isSamePack(old, staged) ? old.path : path.join(deps.packsFolder, staged.ref);
  const oldRuns = old?.manifest !== undefined && registry.summary(old).state !== 'not-ready';
  let built: BuiltVirtualenv | undefined;
  try {
    built = await buildWhereNeeded(deps, request, staged, progress, signal);
  } catch (error) {
    const isFailure = error instanceof StormletError && error.code !== 'operation/canceled';
    if (!oldRuns && isFailure) {
      await register(deps, staged, target, progress);
      await virtualenvs.recordFailure(staged.ref, error);
    }
    throw error;
  }
  try {
    throwIfCanceled(signal);
    await register(deps, staged, target, progress, built);
  } catch (error) {
    if (built) await virtualenvs.discard(staged.ref, built);
    throw error;
  }
  const warnings = staged.problems.map((problem) => describeProblem(problem));
  return { ref: staged.ref, version: staged.manifest?.version ?? '', path: target, warnings };
}

/** A broken folder is only replaced where it has the pack's own name; its listed ref may be a makeshift. */
function isSamePack(old: Pack, staged: Pack): boolean {
  return old.manifest !== undefined || path.basename(old.path) === staged.ref;
}

async function buildWhereNeeded(
  deps: InstallDeps,
  request: InstallRequest,
  staged: Pack,
  progress: Progress,
  signal: AbortSignal,
): Promise<BuiltVirtualenv | undefined> {
  const isWanted = needsVirtualenv(staged);
  const isThere = request.interpreter === '' && deps.virtualenvs.status(staged).state === 'ready';
  if (isWanted && !isThere) return deps.virtualenvs.build(staged, request.interpreter, progress, signal);
  const detail = isWanted ? 'up to date' : 'the pack has no Python of its own';
  for (const name of ['virtualenv', 'requirements']) progress.onStep({ name, state: 'skipped', detail });
  return undefined;
}

/** From here on nothing is called off: the steps are short, and half of them would be neither the old nor the new. */
async function register(
  deps: InstallDeps,
  staged: Pack,
  target: string,
  progress: Progress,
  built?: BuiltVirtualenv,
): Promise<void> {
  await inStep(progress, 'register', async () => {
    await swapIn(staged.path, target);
    if (built) await deps.virtualenvs.adopt(staged.ref, built);
    await deps.registry.reload(staged.ref);
    const { actions, sensors, rules } = staged;
    return { detail: `actions ${actions.length}, sensors ${sensors.length}, rules ${rules.length}` };
  });
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
