import path from 'node:path';
import { describeProblem, StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { Pack } from '../pack.ts';
import { inStep, type Progress } from '../virtualenvs/build-virtualenv.ts';
import { type Builds, buildVirtualenvs, discardBuilds } from './build-virtualenvs.ts';
import { forOne } from './for-one.ts';
import type { InstallDeps } from './install-deps.ts';
import { type PackSwitch, planUpdate } from './plan-switches.ts';
import { stageDependencies, stillNeeded } from './stage-dependencies.ts';
import { completeVersion, discardVersion, type StagedPack, stagePack } from './stage-pack.ts';
import { settlePacks, switchPacks, withPacks } from './switch-packs.ts';

export type InstallRequest = {
  readonly sources: readonly string[];
  /** Installs also what says that it needs Python 2. */
  readonly force: boolean;
  /** Leaves out the packs that a pack says it needs. */
  readonly skipDependencies: boolean;
  readonly interpreter: string;
};

export type Installed = {
  readonly ref: string;
  readonly version: string;
  readonly path: string;
  readonly warnings: string[];
};

/**
 * Installs or updates packs, all or none. Everything is built aside and swapped in at the end, so a failure or a cancel at
 * any step leaves what was there. One exception: on a first install, requirements that cannot be installed leave the pack
 * in place, not ready, since its author or its user can then mend and retry.
 */
export async function installPacks(
  deps: InstallDeps,
  request: InstallRequest,
  report: Progress,
  signal: AbortSignal,
): Promise<Installed[]> {
  const staged: StagedPack[] = [];
  let done: { readonly installed: Installed[]; readonly builds: Builds };
  try {
    for (const source of request.sources) await stageNext(deps, request, source, staged, report, signal);
    await stageDependencies(deps, request, staged, report, signal);
    const refs = staged.map(({ pack }) => pack.ref);
    const install = async () => installStaged(deps, request, await stillNeeded(deps, staged), report, signal);
    done = await withPacks(deps, refs, install, signal);
  } catch (error) {
    for (const { version } of staged) await discardVersion(version);
    throw error;
  }
  // All is in place, and yet not all is well.
  for (const failure of done.builds.failed.values()) throw failure;
  return done.installed;
}

async function stageNext(
  deps: InstallDeps,
  request: InstallRequest,
  source: string,
  staged: StagedPack[],
  report: Progress,
  signal: AbortSignal,
): Promise<void> {
  throwIfCanceled(signal);
  const progress = forOne(report, request.sources.length > 1, source);
  const next = await stagePack(deps, { source, force: request.force }, progress, signal);
  const twin = staged.find(({ pack }) => pack.ref === next.pack.ref);
  staged.push(next);
  if (twin) throw askedTwice(twin, next);
}

async function installStaged(
  deps: InstallDeps,
  request: InstallRequest,
  staged: readonly StagedPack[],
  report: Progress,
  signal: AbortSignal,
) {
  const packs = staged.map(({ pack }) => pack);
  const progressOf = ({ ref }: Pack) => forOne(report, staged.length > 1, ref);
  const builds = await buildVirtualenvs(deps, packs, request.interpreter, progressOf, signal);
  try {
    throwIfCanceled(signal);
    return { builds, installed: await putInPlace(deps, staged, builds, report) };
  } catch (error) {
    await discardBuilds(deps, packs, builds);
    throw error;
  }
}

/** From here on nothing is called off: the steps are short. */
async function putInPlace(
  deps: InstallDeps,
  staged: readonly StagedPack[],
  builds: Builds,
  report: Progress,
): Promise<Installed[]> {
  const installed = staged.map((one) => ({ one, target: targetOf(deps, one.pack) }));
  const plans: PackSwitch[] = [];
  await inStep(report, 'swap', async () => {
    for (const { one, target } of installed) {
      const tree = await completeVersion(deps, one, target);
      const virtualenv = builds.built.get(one.pack.ref)?.folder;
      plans.push(planUpdate(deps, { ref: one.pack.ref, target, tree, virtualenv }));
    }
    await switchPacks(deps, plans);
    return {};
  });
  await inStep(report, 'register', async () => {
    await settlePacks(deps, plans, builds);
    return { detail: countsOf(staged) };
  });
  return installed.map(({ one: { pack }, target }) => ({
    ref: pack.ref,
    version: pack.manifest.version,
    path: target,
    warnings: pack.problems.map((problem) => describeProblem(problem)),
  }));
}

function targetOf({ registry, packsFolder }: InstallDeps, pack: Pack): string {
  const old = registry.get(pack.ref);
  // A broken folder is only replaced where it has the pack's own name; its listed ref may be a makeshift.
  const isSame = old && (old.manifest !== undefined || path.basename(old.path) === pack.ref);
  return isSame ? old.path : path.join(packsFolder, pack.ref);
}

function countsOf(staged: readonly StagedPack[]): string {
  const count = (key: 'actions' | 'sensors' | 'rules') => staged.reduce((sum, { pack }) => sum + pack[key].length, 0);
  return `actions ${count('actions')}, sensors ${count('sensors')}, rules ${count('rules')}`;
}

function askedTwice(first: StagedPack, second: StagedPack): StormletError {
  return new StormletError({
    code: 'pack/asked-twice',
    kind: 'user',
    message: `\`${first.asked}\` and \`${second.asked}\` are both the pack \`${first.pack.ref}\``,
    hint: 'install one of them',
  });
}
