import { ResourceRef } from '../contract/refs.ts';
import type { ExecutionRequest } from '../executions/new-execution.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';

const SET_UP = ResourceRef.parse('packs.setup_virtualenv');

/** A backup holds no virtualenvs: those of all packs that need one are built, by one execution that the history shows. */
export async function rebuildRestored(
  registry: Pick<PackRegistry, 'list' | 'summary'>,
  submit: (request: ExecutionRequest) => Promise<unknown>,
): Promise<void> {
  const packs = registry.list().flatMap((pack) => {
    const { ref, virtualenv } = registry.summary(pack);
    return virtualenv.state === 'missing' ? [ref] : [];
  });
  if (packs.length > 0) await submit({ action: SET_UP, parameters: { packs }, context: { source: 'engine' } });
}
