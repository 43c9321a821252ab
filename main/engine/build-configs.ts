import type { PackSummary } from '../contract/packs.ts';
import type { PackRef } from '../contract/refs.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import { Listeners } from '../kit/listeners.ts';
import type { Pack } from '../packs/pack.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import type { ExpressionParts } from './build-expressions.ts';
import type { PackParts } from './build-packs.ts';
import { ConfigEditor } from './config-editor.ts';
import { PackConfigs } from './pack-configs.ts';

/** Packs' configurations: as their processes get them, and as a person changes them. */
export type ConfigParts = {
  readonly configs: PackConfigs;
  readonly editor: ConfigEditor;
  onChange(listener: (ref: PackRef) => void): () => void;
  /** The summary with what only rendering can tell. */
  withProblems<S extends PackSummary>(pack: Pack, summary: S): S;
};

export function buildConfigs(deps: {
  readonly host: Host;
  readonly clock: Clock;
  readonly datastore: DatastoreFile;
  readonly packs: PackParts;
  readonly expressions: ExpressionParts;
}): ConfigParts {
  const { clock, datastore, packs, expressions } = deps;
  const log = deps.host.log.scope('packs');
  const changes = new Listeners<PackRef>((error) => log.error('a listener of configurations failed', { error }));
  const configs = new PackConfigs({
    renderer: expressions.expressions,
    datastore,
    clock,
    log,
    packs: () => packs.registry.list(),
    onChange: (ref) => changes.emit(ref),
  });
  return {
    configs,
    editor: new ConfigEditor({ registry: packs.registry, configs, datastore, clock }),
    onChange: (listener) => changes.add(listener),
    withProblems: (pack, summary) => {
      const { problems, missing } = configs.findings(pack);
      return {
        ...summary,
        problems: [...summary.problems, ...problems],
        missingConfig: [...summary.missingConfig, ...missing],
      };
    },
  };
}
