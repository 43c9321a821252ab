import type { Execution } from '../contract/executions.ts';
import type { Trace } from '../contract/traces.ts';
import type { TriggerInstanceDetail } from '../contract/triggers.ts';
import type { ExecutionTable } from '../store/execution-table.ts';
import type { NoticeTable } from '../store/notice-table.ts';

export type TraceDeps = {
  event(id: string): TriggerInstanceDetail | undefined;
  readonly executions: Pick<ExecutionTable, 'get' | 'ofEvent' | 'childrenOf'>;
  readonly notices: Pick<NoticeTable, 'ofExecution'>;
};

/** So many executions are told; a workflow that fans out wider is read page by page. */
const MOST_EXECUTIONS = 200;

/** From any event or execution up to where it began, and down from there. Undefined when nothing is known by that id. */
export function readTrace(deps: TraceDeps, id: string): Trace | undefined {
  const execution = deps.executions.get(id);
  const root = execution && rootOf(deps, execution);
  const event = deps.event(root?.context.triggerInstance ?? id);
  if (!event && !root) return undefined;
  const begun = event ? deps.executions.ofEvent(event.id, MOST_EXECUTIONS + 1) : [];
  // What an event's executions ran carries the event's id as well: it is listed below its parent.
  const roots = begun.filter(({ context }) => context.parent === undefined);
  const all = withChildren(deps, event ? roots : root ? [root] : []);
  const executions = all.slice(0, MOST_EXECUTIONS);
  const notices = executions.flatMap((each) => deps.notices.ofExecution(each.id));
  return { ...(event && { event }), executions, notices, more: all.length > executions.length };
}

function rootOf(deps: TraceDeps, execution: Execution): Execution {
  const parent = execution.context.parent === undefined ? undefined : deps.executions.get(execution.context.parent);
  return parent ? rootOf(deps, parent) : execution;
}

function withChildren(deps: TraceDeps, roots: readonly Execution[]): Execution[] {
  const found: Execution[] = [];
  const add = (execution: Execution) => {
    if (found.length > MOST_EXECUTIONS) return;
    found.push(execution);
    for (const child of deps.executions.childrenOf(execution.id, MOST_EXECUTIONS + 1)) add(child);
  };
  for (const root of roots) add(root);
  return found;
}
