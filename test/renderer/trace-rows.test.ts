import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import type { Trace } from '../../main/contract/traces.ts';
import { barOf, rowsOf, spanOf } from '../../renderer/pages/history/trace-rows.ts';

const AT = Date.parse('2026-01-02T03:04:05.000Z');
const rule = (name: string) => ResourceRef.parse(`demo.${name}`);

function execution(id: string, changes: Partial<Execution> = {}): Execution {
  const base = { action: ResourceRef.parse('demo.act'), runner: 'noop', status: 'succeeded', parameters: {} } as const;
  return { id, ...base, context: { source: 'rule' }, createdAt: later(0), steps: [], ...changes };
}

function later(ms: number): string {
  return new Date(AT + ms).toISOString();
}

const event = {
  id: 'event',
  trigger: 'demo.tick',
  payload: {},
  occurredAt: later(0),
  receivedAt: later(1),
  source: 'cli',
  status: 'processed',
  verdicts: [
    { rule: rule('silent'), matched: false },
    { rule: rule('loud'), matched: true, execution: 'run' },
  ],
} as const;

test('each rule that matched is followed by what it ran, and those that did not come last', () => {
  const child = execution('child', { context: { source: 'rule', parent: 'run' } });
  const notice = {
    id: 'n',
    at: later(9),
    level: 'info',
    title: 't',
    body: '',
    source: 'rule',
    execution: 'run',
  } as const;
  const trace = { event, executions: [execution('run'), child, execution('stray')], notices: [notice], more: false };
  const told = rowsOf(trace as unknown as Trace).map((row) => {
    const name = { event: 'event', notice: 'notice' }[row.kind as 'event'] ?? '';
    const what = row.kind === 'verdict' ? row.verdict.rule : row.kind === 'execution' ? row.execution.id : name;
    return `${row.depth} ${what}`;
  });
  expect(told).toEqual(['0 event', '1 demo.loud', '2 run', '3 notice', '3 child', '1 stray', '1 demo.silent']);
});

test('the bars of executions lie on one span of time', () => {
  const run = execution('run', { createdAt: later(20), startedAt: later(40), endedAt: later(80) });
  const open = execution('open', { createdAt: later(60), status: 'running', startedAt: later(60) });
  const trace = { event, executions: [run, open], notices: [], more: false } as unknown as Trace;
  const span = spanOf(trace, AT + 100);
  expect(span).toEqual({ start: AT, end: AT + 100 });
  expect(barOf(run, span, AT + 100)).toEqual({ from: 20, waited: 20, ran: 40 });
  expect(barOf(open, span, AT + 100)).toEqual({ from: 60, waited: 0, ran: 40 });
});
