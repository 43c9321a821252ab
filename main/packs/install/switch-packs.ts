import type { Builds } from './build-virtualenvs.ts';
import { commit } from './commit.ts';
import type { InstallDeps } from './install-deps.ts';
import type { PackSwitch } from './plan-switches.ts';
import { discardVersion } from './stage-pack.ts';

/** Carries out what was planned for several packs, as one. When it throws, nothing has changed. */
export async function switchPacks(deps: InstallDeps, plans: readonly PackSwitch[]): Promise<void> {
  const switches = plans.flatMap((plan) => plan.switches);
  await commit(deps, {
    switches: switches.filter(({ before, after, folderTo }) => before !== after || folderTo !== undefined),
    trees: new Map(plans.map(({ target, tree }) => [target, tree])),
  });
}

/** Afterwards: lets go of what nothing leads to any more. Never throws. */
export async function settlePacks(
  deps: InstallDeps,
  plans: readonly PackSwitch[],
  builds: Builds = NO_BUILDS,
): Promise<void> {
  for (const plan of plans) {
    // The new state is there and told: what cannot be tidied up now is no failure of it, and goes at the next start.
    await settle(deps, plan, builds).catch((error) => {
      deps.log.warn('an old version could not be removed', { pack: plan.ref, error });
    });
  }
}

const NO_BUILDS: Builds = { built: new Map(), failed: new Map() };

async function settle(deps: InstallDeps, plan: PackSwitch, { built, failed }: Builds): Promise<void> {
  const { ref, tree, superseded } = plan;
  if (tree === undefined) {
    await deps.stopSensors(ref);
    await deps.virtualenvs.remove(ref);
  }
  // What still runs in an old version keeps it until the next update or start.
  const keepOld = tree !== undefined && deps.isRunning(ref);
  if (tree !== undefined) await deps.virtualenvs.settle(ref, built.get(ref), keepOld);
  if (failed.has(ref)) await deps.virtualenvs.recordFailure(ref, failed.get(ref));
  if (!keepOld) for (const version of superseded) await discardVersion(version);
  deps.checkpoint('old-version-removed');
}

/** Works on several packs at once. Always in one order, so that two that share some never wait for each other. */
export function withPacks<T>(
  { lock }: Pick<InstallDeps, 'lock'>,
  refs: readonly string[],
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const sorted = [...new Set(refs)].sort();
  const all = sorted.reduceRight<() => Promise<T>>((inner, ref) => () => lock.run(`pack ${ref}`, inner, signal), work);
  return all();
}
