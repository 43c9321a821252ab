import { expect, test } from 'vitest';
import type { Execution, ExecutionContext } from '../../main/contract/executions.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { type CauseSources, causeOf, causeOfSent, generations, loopProblem } from '../../main/triggers/cause.ts';

const SOURCES = sources(
  {
    byPerson: { source: 'cli' },
    byRule: { source: 'rule', triggerInstance: 'third' },
    task: { source: 'rule', parent: 'byRule' },
    asked: { source: 'api', askedBy: 'task' },
    ring: { source: 'api', askedBy: 'ring' },
    byForgotten: { source: 'rule', triggerInstance: 'gone' },
  },
  { third: 3 },
);

test.each([
  ['byPerson', 1],
  ['byRule', 4],
  ['task', 4],
  ['asked', 4],
  ['ring', 1],
  ['byForgotten', 1],
  ['unknown', 1],
])('an event that the execution `%s` causes is number %i of its row', (execution, depth) => {
  expect(causeOf(SOURCES, execution)).toMatchObject({ execution, depth });
});

test('what is sent on purpose makes that row no longer, but one of its own', () => {
  expect(causeOfSent(SOURCES, 'byPerson')).toEqual({ execution: 'byPerson', depth: 0, sent: 1 });
  expect(causeOfSent(SOURCES, 'asked')).toEqual({ execution: 'asked', depth: 3, sent: 8 });
  expect(causeOf(SOURCES, 'asked')).toEqual({ execution: 'asked', depth: 4, sent: 7 });
});

test('what is sent long after the event that led to it begins a row', () => {
  const later = { ...SOURCES, now: () => AT + 10_000 };
  expect(causeOfSent(later, 'asked')).toEqual({ execution: 'asked', depth: 3, sent: 1 });
});

test('the first event beyond a bound has a problem', () => {
  const bounds = { maxChain: 3, maxSent: 5 };
  expect(loopProblem({ execution: 'x', depth: 3, sent: 5 }, bounds)).toBeUndefined();
  for (const [over, setting] of [
    [{ depth: 4 }, 'maxChain'],
    [{ depth: 0, sent: 6 }, 'maxSent'],
  ] as const) {
    const hint = expect.stringContaining(`triggers.${setting}`);
    expect(loopProblem({ execution: 'x', ...over }, bounds)).toMatchObject({ code: 'trigger/loop', hint });
  }
});

test('how often an event came by one rule is counted as far back as is asked, across other rules', () => {
  const chain: CauseSources = {
    now: () => AT,
    // Each second event is of the rule `demo.other`.
    execution: (id) => {
      const rule = Number(id) % 2 === 0 ? 'demo.again' : 'demo.other';
      const context = { source: 'rule', rule, triggerInstance: String(Number(id) - 1) } as ExecutionContext;
      return Number(id) > 0 ? ({ id, context } as Execution) : undefined;
    },
    instance: (id) => ({ id, cause: { execution: id, depth: 0 } }) as TriggerInstance,
  };
  const event = chain.instance('14') as TriggerInstance;
  expect(generations(chain, event, 'demo.again', 5)).toBe(5);
  expect(generations(chain, event, 'demo.again', 50)).toBe(7);
  expect(generations(chain, event, 'demo.never', 50)).toBe(0);
});

const AT = Date.parse('2026-01-01T00:00:00.000Z');

function sources(executions: Record<string, ExecutionContext>, depths: Record<string, number>): CauseSources {
  return {
    now: () => Date.parse('2026-01-01T00:00:05.000Z'),
    execution: (id) => (executions[id] ? ({ id, context: executions[id] } as Execution) : undefined),
    instance: (id) => {
      const depth = depths[id];
      const cause = { execution: 'e', depth: depth ?? 0, sent: 7 };
      return depth === undefined
        ? undefined
        : ({ id, cause, receivedAt: '2026-01-01T00:00:00.000Z' } as TriggerInstance);
    },
  };
}
