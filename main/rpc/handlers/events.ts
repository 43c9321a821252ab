import { StormletError } from '../../contract/errors.ts';
import type {
  Execution,
  ExecutionContext,
  ExecutionSource,
  OutputChunk,
  RerunRequest,
} from '../../contract/executions.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { TriggerType } from '../../contract/packs.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Handlers } from '../../contract/rpc.ts';
import type { Trace } from '../../contract/traces.ts';
import type { TimerStatus, Trigger, TriggerInstance, TriggerInstanceDetail } from '../../contract/triggers.ts';
import type { ExecutionTable } from '../../store/execution-table.ts';
import type { NoticeTable } from '../../store/notice-table.ts';
import type { TriggerInstanceTable } from '../../store/trigger-instance-table.ts';

/** Handlers turn a parsed call into calls on the engine's parts, and hold no decision of their own. */
export function triggerHandlers(deps: {
  readonly table: Pick<TriggerInstanceTable, 'page'>;
  /** With every rule's verdict. */
  detail(id: string): TriggerInstanceDetail | undefined;
  types(): readonly TriggerType[];
  timers(): TimerStatus[];
  /** Those with parameters, that rules ask for. */
  list(): readonly Trigger[];
  /** As if it had arrived on the bus; `execution` is the one whose program sends it. */
  receive(message: { trigger: string; body: Buffer; source: string }, execution?: string): Promise<TriggerInstance>;
}): Handlers['triggers'] {
  return {
    types: () => [...deps.types()],
    timers: () => deps.timers(),
    list: () => [...deps.list()],
    emit: ({ trigger, payload, traceTag }, { source, execution }) => {
      const message = { payload, ...(traceTag !== undefined && { trace_tag: traceTag }) };
      return deps.receive({ trigger, body: Buffer.from(JSON.stringify(message)), source }, execution);
    },
    page: (filter) => deps.table.page(filter),
    get: ({ id }) => found(deps.detail(id), 'trigger instance', id),
  };
}

/** One page of a window shows no more, and what is older is found by time. */
const MOST_CHILDREN = 2000;

export function executionHandlers(deps: {
  readonly table: ExecutionTable;
  /** Throws a `user` fault when the action is unknown or its parameters are wrong. */
  submit(request: {
    action: ResourceRef;
    parameters: JsonObject;
    context: ExecutionContext;
    delayMs: number | undefined;
  }): Promise<Execution>;
  rerun(request: RerunRequest, source: ExecutionSource): Promise<Execution>;
  cancel(id: string): Execution;
  pause(id: string): Execution;
  resume(id: string): Execution;
  output(id: string): readonly OutputChunk[];
}): Handlers['executions'] {
  return {
    run: ({ action, parameters, delay, notify }, { source, execution }) =>
      deps.submit({
        action,
        parameters,
        context: { source, ...(execution !== undefined && { askedBy: execution }), ...(notify && { notify }) },
        delayMs: delay,
      }),
    rerun: (request, { source }) => deps.rerun(request, source),
    page: (filter) => deps.table.page(filter),
    count: (filter) => ({ count: deps.table.count(filter) }),
    get: ({ id }) => found(deps.table.get(id), 'execution', id),
    cancel: ({ id }) => deps.cancel(id),
    pause: ({ id }) => deps.pause(id),
    resume: ({ id }) => deps.resume(id),
    children: ({ id }) => deps.table.childrenOf(found(deps.table.get(id), 'execution', id).id, MOST_CHILDREN),
    output: ({ id }) => [...deps.output(id)],
  };
}

export function traceHandlers(deps: { trace(id: string): Trace | undefined }): Handlers['traces'] {
  return { get: ({ id }) => found(deps.trace(id), 'event or execution', id) };
}

/** How many notices a window that opens is shown. */
const RECENT_NOTICES = 100;

export function notificationHandlers(deps: { readonly table: NoticeTable }): Handlers['notifications'] {
  return { recent: () => deps.table.recent(RECENT_NOTICES) };
}

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value !== undefined) return value;
  throw new StormletError({ code: 'history/unknown', kind: 'user', message: `there is no ${what} \`${id}\`` });
}
