import type { Execution } from '../contract/executions.ts';
import type { ExecutionRequest } from '../executions/new-execution.ts';
import type { Host } from '../host.ts';
import type { Store } from '../store/store.ts';
import { AliasDesk } from './alias-desk.ts';
import type { ExpressionParts } from './build-expressions.ts';
import type { PackParts } from './build-packs.ts';

/** Joins the aliases of packs with what matches, renders and runs them. */
export function buildAliases(parts: {
  readonly host: Host;
  readonly store: Store;
  readonly packs: PackParts;
  readonly expressions: ExpressionParts;
  submit(request: ExecutionRequest): Promise<Execution>;
}): AliasDesk {
  const { host, store, packs } = parts;
  return new AliasDesk({
    ...parts.expressions,
    aliases: () => packs.registry.aliases(),
    action: (ref) => packs.registry.action(ref),
    execution: (id) => store.executions.get(id),
    submit: parts.submit,
    log: host.log.scope('aliases'),
  });
}
