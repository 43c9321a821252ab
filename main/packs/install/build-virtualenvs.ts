import { StormletError } from '../../contract/errors.ts';
import type { Pack } from '../pack.ts';
import type { BuiltVirtualenv, Progress } from '../virtualenvs/build-virtualenv.ts';
import { needsVirtualenv } from '../virtualenvs/virtualenvs.ts';
import type { InstallDeps } from './install-deps.ts';
import { syncTree } from './sync-tree.ts';

export type Builds = {
  /** By ref; a pack whose virtualenv needs no change has none. */
  readonly built: Map<string, BuiltVirtualenv>;
  readonly failed: Map<string, StormletError>;
};

/** Builds the virtualenvs of new versions, aside. When it fails or is called off, nothing of them stays. */
export async function buildVirtualenvs(
  deps: InstallDeps,
  packs: readonly Pack[],
  interpreter: string,
  progressOf: (pack: Pack) => Progress,
  signal: AbortSignal,
): Promise<Builds> {
  const builds: Builds = { built: new Map(), failed: new Map() };
  try {
    for (const pack of packs) await buildOne(deps, pack, interpreter, progressOf(pack), builds, signal);
    return builds;
  } catch (error) {
    await discardBuilds(deps, packs, builds);
    throw error;
  }
}

export async function discardBuilds(deps: InstallDeps, packs: readonly Pack[], { built }: Builds): Promise<void> {
  for (const { ref } of packs) {
    const virtualenv = built.get(ref);
    if (virtualenv) await deps.virtualenvs.discard(ref, virtualenv);
  }
}

async function buildOne(
  deps: InstallDeps,
  pack: Pack,
  interpreter: string,
  progress: Progress,
  builds: Builds,
  signal: AbortSignal,
): Promise<void> {
  const isWanted = needsVirtualenv(pack);
  if (!isWanted || (interpreter === '' && deps.virtualenvs.status(pack).state === 'ready')) {
    const detail = isWanted ? 'up to date' : 'the pack has no Python of its own';
    for (const name of ['virtualenv', 'requirements']) progress.onStep({ name, state: 'skipped', detail });
    return;
  }
  try {
    const virtualenv = await deps.virtualenvs.build(pack, interpreter, progress, signal);
    builds.built.set(pack.ref, virtualenv);
    deps.checkpoint('virtualenv-built');
    await deps.virtualenvs.seal(pack.ref, virtualenv);
    await syncTree(virtualenv.folder);
    deps.checkpoint('virtualenv-sealed');
  } catch (error) {
    if (!(error instanceof StormletError) || !isKeptNotReady(deps, pack, error)) throw error;
    builds.failed.set(pack.ref, error);
  }
}

/** A version that runs is never given up for one that does not. */
function isKeptNotReady({ registry }: InstallDeps, { ref }: Pack, error: StormletError): boolean {
  const old = registry.get(ref);
  const oldRuns = old?.manifest !== undefined && registry.summary(old).state !== 'not-ready';
  return !oldRuns && error.code !== 'operation/canceled';
}
