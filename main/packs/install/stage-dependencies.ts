import { StormletError, toFault } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { Dependency } from '../metadata/load-dependencies.ts';
import { dependencyFault, judgeDependencies, type KnownPack } from '../sources/judge-dependencies.ts';
import { inStep, type Progress } from '../virtualenvs/build-virtualenv.ts';
import { forOne } from './for-one.ts';
import type { InstallDeps } from './install-deps.ts';
import { readInstallation } from './installation.ts';
import { discardVersion, type StagedPack, stagePack } from './stage-pack.ts';

type Request = { readonly force: boolean; readonly skipDependencies: boolean };

/**
 * Fetches what the staged packs need and what those need in turn, where it is not there yet, and puts it behind them. A
 * version that cannot be had beside what is there is a failure of the whole installation.
 */
export async function stageDependencies(
  deps: InstallDeps,
  request: Request,
  staged: StagedPack[],
  report: Progress,
  signal: AbortSignal,
): Promise<void> {
  const needed = staged.reduce((sum, { pack }) => sum + pack.manifest.dependencies.length, 0);
  if (request.skipDependencies || needed === 0) {
    const detail = needed === 0 ? 'none' : 'left out, as asked';
    report.onStep({ name: 'dependencies', state: 'skipped', detail });
  } else {
    await inStep(report, 'dependencies', async () => {
      const before = staged.length;
      const installed = await installedPacks(deps);
      const staging: Staging = { deps, request, staged, installed, report, signal };
      for (const one of staged.slice()) await stageNeeds(staging, one, [one.pack.ref]);
      const fetched = staged.slice(before).map(({ pack }) => `${pack.ref} ${pack.manifest.version}`.trim());
      return { detail: fetched.join(', ') || 'all there' };
    });
  }
  deps.checkpoint('dependencies-fetched');
}

/**
 * To be asked again once no other installation can change it: a needed pack may have come meanwhile, and then stays as it
 * is. Returns those that are still to be installed.
 */
export async function stillNeeded(deps: InstallDeps, staged: readonly StagedPack[]): Promise<StagedPack[]> {
  const kept: StagedPack[] = [];
  for (const one of staged) {
    const there = one.neededBy && deps.registry.get(one.pack.ref);
    if (!there || !one.neededBy) kept.push(one);
    else {
      const known = { ref: there.ref, version: there.manifest?.version ?? '' };
      if (known.version !== one.pack.manifest.version) refuse(one.neededBy.dependency, known, one.neededBy.path);
      await discardVersion(one.version);
    }
  }
  return kept;
}

type Staging = {
  readonly deps: InstallDeps;
  readonly request: Request;
  readonly staged: StagedPack[];
  readonly installed: readonly KnownPack[];
  readonly report: Progress;
  readonly signal: AbortSignal;
};

async function stageNeeds(staging: Staging, { pack }: StagedPack, path: readonly string[]): Promise<void> {
  for (const dependency of pack.manifest.dependencies) {
    throwIfCanceled(staging.signal);
    // One after another: what the one before brought in is known to the next.
    const [verdict] = judgeDependencies(knownTo(staging), [dependency], path);
    const fault = verdict && dependencyFault(verdict, path);
    if (fault) throw fault;
    if (verdict?.kind === 'fetch') await fetchNeed(staging, dependency, path);
  }
}

async function fetchNeed(staging: Staging, dependency: Dependency, path: readonly string[]): Promise<void> {
  const { deps, request, staged, report, signal } = staging;
  const progress = forOne(report, true, dependency.asked);
  const source = { source: dependency.asked, force: request.force };
  const next = await stagePack(deps, source, progress, signal).catch((error) => {
    throw asNeedOf(path.at(-1) ?? '', dependency, error);
  });
  // An address does not tell for sure whose it is; what came may be there already.
  const known = knownTo(staging).find(({ ref }) => ref === next.pack.ref);
  if (!known) {
    staged.push({ ...next, neededBy: { dependency, path } });
    await stageNeeds(staging, next, [...path, next.pack.ref]);
    return;
  }
  await discardVersion(next.version);
  if (dependency.version !== undefined && known.version !== next.pack.manifest.version) refuse(dependency, known, path);
}

/** What is being installed stands in front of what it takes the place of. */
function knownTo({ staged, installed }: Staging): KnownPack[] {
  const coming = staged.map(({ pack, fetched }) => ({
    ref: pack.ref,
    version: pack.manifest.version,
    from: [fetched.ref, fetched.commit].filter((name) => name !== undefined),
  }));
  return [...coming, ...installed];
}

async function installedPacks({ registry }: InstallDeps): Promise<KnownPack[]> {
  const packs = registry.list().filter(({ manifest }) => manifest !== undefined);
  return Promise.all(
    packs.map(async ({ ref, manifest, path }) => {
      const installation = await readInstallation(path);
      const from = [installation?.ref, installation?.commit].filter((name) => name !== undefined);
      return { ref, version: manifest?.version ?? '', from };
    }),
  );
}

function refuse(dependency: Dependency, known: KnownPack, path: readonly string[]): never {
  throw (
    dependencyFault({ kind: 'conflict', dependency: { version: known.version, ...dependency }, known }, path) ??
    new Error('a conflict is a fault')
  );
}

function asNeedOf(pack: string, { asked }: Dependency, error: unknown): unknown {
  if (!(error instanceof StormletError) || error.code === 'operation/canceled') return error;
  const fault = toFault(error);
  return new StormletError({ ...fault, message: `\`${pack}\` needs \`${asked}\`: ${fault.message}` }, { cause: error });
}
