import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackDetail, PackSummary, VirtualenvStatus } from '../contract/packs.ts';
import { readInstallation, readPrevious } from './install/installation.ts';
import type { Pack } from './pack.ts';

/** A pack as lists show it. */
export function summarizePack(pack: Pack, enabled: boolean, virtualenv: VirtualenvStatus): PackSummary {
  const { manifest } = pack;
  return {
    ref: pack.ref,
    name: manifest?.name ?? path.basename(pack.path),
    description: manifest?.description ?? '',
    version: manifest?.version ?? '',
    author: manifest?.author ?? '',
    path: pack.path,
    origin: pack.origin,
    enabled,
    state: stateOf(pack, enabled, virtualenv),
    problems: [...pack.problems],
    missingConfig: [...pack.configFile.missing],
    virtualenv,
    counts: {
      actions: pack.actions.length,
      sensors: pack.sensors.length,
      rules: pack.rules.length,
      triggers: pack.triggerTypes.length,
    },
  };
}

export async function detailPack(
  pack: Pack,
  summary: PackSummary,
  facts: Pick<PackDetail, 'distributions' | 'neededBy'>,
): Promise<PackDetail> {
  const readme = await readFile(path.join(pack.path, 'README.md'), 'utf8').catch(() => undefined);
  const [installation, previous] = await Promise.all([readInstallation(pack.path), readPrevious(pack.path)]);
  return {
    ...summary,
    ...(installation && { installation }),
    ...(previous && { previous }),
    keywords: [...(pack.manifest?.keywords ?? [])],
    ...(readme !== undefined && { readme }),
    requirements: [...pack.requirements],
    ...facts,
    actions: [...pack.actions],
    sensors: [...pack.sensors],
    rules: pack.rules.map(({ definition }) => definition),
    triggerTypes: [...pack.triggerTypes],
  };
}

/** An outdated virtualenv still runs what it was built for; so does the old one while a new one is being built. */
function stateOf(pack: Pack, enabled: boolean, virtualenv: VirtualenvStatus): PackSummary['state'] {
  if (!pack.manifest) return 'broken';
  if (!enabled) return 'disabled';
  const usable = virtualenv.state === 'not-needed' || virtualenv.state === 'ready' || virtualenv.state === 'outdated';
  return usable || (virtualenv.state === 'building' && virtualenv.path !== undefined) ? 'ready' : 'not-ready';
}
