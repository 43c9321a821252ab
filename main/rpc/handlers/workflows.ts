import type { ResourceRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { WorkflowInspection } from '../../contract/workflows.ts';

export function workflowHandlers(deps: {
  /** Throws a `user` fault where the action is unknown or no workflow. */
  inspect(action: ResourceRef): Promise<WorkflowInspection>;
}): Handlers['workflows'] {
  return { inspect: ({ action }) => deps.inspect(action) };
}
