import type { AliasDefinition, AliasMatch, AliasResult, AliasRun, AliasRunRequest } from '../../contract/aliases.ts';
import type { ExecutionSource } from '../../contract/executions.ts';
import type { Handlers } from '../../contract/rpc.ts';

export function aliasHandlers(desk: {
  list(): readonly AliasDefinition[];
  match(text: string): Promise<AliasMatch[]>;
  run(request: AliasRunRequest, source: ExecutionSource): Promise<AliasRun>;
  result(id: string): Promise<AliasResult>;
}): Handlers['aliases'] {
  return {
    list: () => [...desk.list()],
    match: ({ text }) => desk.match(text),
    run: (request, { source }) => desk.run(request, source),
    result: ({ id }) => desk.result(id),
  };
}
