import type { AppFile } from '../../main/contract/files.ts';
import type { PackDetail } from '../../main/contract/packs.ts';

/** Where a pack, an action or a sensor of the fake packs is written. */
export function fakeFiles(packs: readonly PackDetail[], ref: string): AppFile[] {
  return packs.flatMap((pack): AppFile[] => [
    ...(pack.ref === ref
      ? ([
          { kind: 'pack', part: 'folder', file: pack.path },
          { kind: 'pack', part: 'metadata', file: `${pack.path}/pack.yaml` },
        ] as const)
      : []),
    ...pack.actions.filter((each) => each.ref === ref).flatMap((each) => both('action', each, `${pack.path}/actions`)),
    ...pack.sensors.filter((each) => each.ref === ref).flatMap((each) => both('sensor', each, `${pack.path}/sensors`)),
  ]);
}

function both(kind: 'action' | 'sensor', of: { file: string; entryPoint: string }, folder: string): AppFile[] {
  const metadata: AppFile = { kind, part: 'metadata', file: of.file };
  return of.entryPoint === '' ? [metadata] : [metadata, { kind, part: 'code', file: `${folder}/${of.entryPoint}` }];
}
