import { throwIfCanceled } from '../../kit/cancel.ts';
import type { Pack } from '../pack.ts';
import { inStep, type Progress } from '../virtualenvs/build-virtualenv.ts';
import type { InstallDeps } from './install-deps.ts';
import { planRemoval } from './plan-switches.ts';
import { settlePacks, switchPacks, withPacks } from './switch-packs.ts';

/** Takes packs away with all their versions and virtualenvs, all or none. Their configuration stays. */
export function removePacks(
  deps: InstallDeps,
  packs: readonly Pack[],
  report: Progress,
  signal: AbortSignal,
): Promise<void> {
  const refs = packs.map(({ ref }) => ref);
  const work = async () => {
    throwIfCanceled(signal);
    const plans = packs.map(({ ref, path }) => planRemoval(deps, { ref, target: path }));
    await switchPacks(deps, plans);
    await settlePacks(deps, plans);
    return { detail: packs.map(({ path }) => path).join(', ') };
  };
  return withPacks(deps, refs, () => inStep(report, 'remove', work).then(() => {}), signal);
}
