import type { Execution } from '../../../main/contract/executions.ts';
import type { Notice } from '../../../main/contract/notices.ts';
import type { Trace } from '../../../main/contract/traces.ts';
import type { RuleVerdict, TriggerInstanceDetail } from '../../../main/contract/triggers.ts';

/** One line of a trace, in the order of what follows from what; `depth` is how far below its beginning. */
export type TraceRow =
  | { readonly kind: 'event'; readonly depth: 0; readonly event: TriggerInstanceDetail }
  | { readonly kind: 'verdict'; readonly depth: 1; readonly verdict: RuleVerdict }
  | { readonly kind: 'execution'; readonly depth: number; readonly execution: Execution }
  | { readonly kind: 'notice'; readonly depth: number; readonly notice: Notice };

/** The event, each rule that matched with what it ran, what else ran, and the rules that did not match. */
export function rowsOf({ event, executions, notices }: Trace): TraceRow[] {
  const verdicts = event?.verdicts ?? [];
  const told = new Set(verdicts.flatMap(({ execution }) => execution ?? []));
  const below = (execution: Execution, depth: number): TraceRow[] => [
    { kind: 'execution', depth, execution },
    ...noticesOf(execution, depth + 1),
    ...executions.filter(({ context }) => context.parent === execution.id).flatMap((child) => below(child, depth + 1)),
  ];
  const noticesOf = ({ id }: Execution, depth: number): TraceRow[] =>
    notices.filter((notice) => notice.execution === id).map((notice) => ({ kind: 'notice', depth, notice }));
  const known = new Set(executions.map(({ id }) => id));
  const roots = executions.filter(({ context }) => context.parent === undefined || !known.has(context.parent));
  const matched = verdicts.filter((verdict) => verdict.matched);
  return [
    ...(event ? [{ kind: 'event', depth: 0, event } as const] : []),
    ...matched.flatMap((verdict): TraceRow[] => [
      { kind: 'verdict', depth: 1, verdict },
      ...roots.filter(({ id }) => id === verdict.execution).flatMap((execution) => below(execution, 2)),
    ]),
    ...roots.filter(({ id }) => !told.has(id)).flatMap((execution) => below(execution, event ? 1 : 0)),
    ...verdicts
      .filter((verdict) => !verdict.matched)
      .map((verdict) => ({ kind: 'verdict', depth: 1, verdict }) as const),
  ];
}

/** Where on the trace's time an execution waited and ran, in percent of its width. */
export type Bar = { readonly from: number; readonly waited: number; readonly ran: number };
export type Span = { readonly start: number; readonly end: number };

/** From the first to the last thing that happened; of what still runs, `now` is the last. */
export function spanOf({ event, executions }: Trace, now: number): Span {
  const starts = [...(event ? [event.occurredAt] : []), ...executions.map(({ createdAt }) => createdAt)];
  const start = Math.min(...starts.map((instant) => Date.parse(instant)));
  const ends = executions.map(({ endedAt }) => (endedAt === undefined ? now : Date.parse(endedAt)));
  const last = event ? [Date.parse(event.receivedAt)] : [];
  return { start, end: Math.max(start + 1, ...last, ...ends) };
}

export function barOf({ createdAt, startedAt, endedAt }: Execution, { start, end }: Span, now: number): Bar {
  const percent = (instant: number) => ((Math.min(Math.max(instant, start), end) - start) / (end - start)) * 100;
  const ended = endedAt === undefined ? now : Date.parse(endedAt);
  const begun = startedAt === undefined ? ended : Date.parse(startedAt);
  const from = percent(Date.parse(createdAt));
  const waited = percent(begun) - from;
  return { from, waited, ran: percent(ended) - from - waited };
}
