import { StormletError } from '../../contract/errors.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import type { Pack } from '../pack.ts';
import { inStep, type Progress } from '../virtualenvs/build-virtualenv.ts';
import type { InstallDeps } from './install-deps.ts';
import { planRollback } from './plan-switches.ts';
import { settlePacks, switchPacks, withPacks } from './switch-packs.ts';

/** Brings the previous versions of packs back, each with its virtualenv, all or none. Doing it again returns. */
export function rollBackPacks(
  deps: InstallDeps,
  packs: readonly Pack[],
  report: Progress,
  signal: AbortSignal,
): Promise<void> {
  const refs = packs.map(({ ref }) => ref);
  const work = async () => {
    throwIfCanceled(signal);
    const plans = packs.map(({ ref, path }) => planRollback(deps, { ref, target: path }) ?? noPrevious(ref));
    await switchPacks(deps, plans);
    await settlePacks(deps, plans);
    return {};
  };
  return withPacks(deps, refs, () => inStep(report, 'swap', work).then(() => {}), signal);
}

function noPrevious(ref: string): never {
  throw new StormletError({
    code: 'pack/no-previous',
    kind: 'user',
    message: `\`${ref}\` has no previous version to go back to`,
    hint: 'the version before an update is kept until the next update',
  });
}
