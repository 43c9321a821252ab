import { expect, test } from 'vitest';
import type { Execution, ExecutionContext } from '../../main/contract/executions.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { type CauseSources, causeOf, inheritedCause, loopProblem } from '../../main/triggers/cause.ts';

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
  expect(causeOf(SOURCES, execution)).toEqual({ execution, depth });
});

test('what is sent on purpose makes a row no longer', () => {
  expect(inheritedCause(SOURCES, 'asked')).toEqual({ execution: 'asked', depth: 3 });
  expect(inheritedCause(SOURCES, 'byPerson')).toBeUndefined();
});

test('the first event beyond the bound has a problem', () => {
  expect(loopProblem({ execution: 'x', depth: 3 }, 3)).toBeUndefined();
  expect(loopProblem({ execution: 'x', depth: 4 }, 3)).toMatchObject({ code: 'trigger/loop' });
});

function sources(executions: Record<string, ExecutionContext>, depths: Record<string, number>): CauseSources {
  return {
    execution: (id) => (executions[id] ? ({ id, context: executions[id] } as Execution) : undefined),
    instance: (id) => {
      const depth = depths[id];
      return depth === undefined ? undefined : ({ id, cause: { execution: 'e', depth } } as TriggerInstance);
    },
  };
}
