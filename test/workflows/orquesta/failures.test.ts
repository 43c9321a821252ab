import { afterAll, expect, it } from 'vitest';
import { type Rehearsed, rehearsals } from '../../support/orquesta.ts';

const { run, begin, end } = rehearsals();
afterAll(end);

/** The named tasks fail; all others succeed. */
const failing = (...tasks: string[]): Rehearsed => ({
  answer: ({ task }) => (tasks.includes(task) ? { status: 'failed', result: { why: task } } : { result: {} }),
});
const FAILED = 'Execution failed. See result for details.';

it('a failure that nothing follows fails the workflow, with the result among its errors', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{when: <% succeeded() %>, do: b}]}, b: {action: x.y}}',
    failing('a'),
  );
  expect(rehearsal.started).toEqual(['a']);
  expect(rehearsal.decision).toEqual({
    run: [],
    status: 'failed',
    result: { output: null, errors: [{ type: 'error', message: FAILED, task_id: 'a', result: { why: 'a' } }] },
  });
});

it('after a failure what runs goes on to its end, nothing new starts, and then the workflow is over', async () => {
  const rehearsal = await begin(
    'tasks: {a: {action: x.y}, b: {action: x.y, next: [{do: c}]}, c: {action: x.y}}',
    failing('a'),
  );
  await rehearsal.end('a');
  expect(rehearsal.decision).toEqual({ run: [], status: 'running' });
  await rehearsal.end('b');
  expect(rehearsal.started).toEqual(['a', 'b']);
  expect(rehearsal.decision.status).toBe('failed');
});

it('a failure that leads to a task is remedied', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{when: <% failed() %>, do: b}]}, b: {action: x.y}}',
    failing('a'),
  );
  expect(rehearsal.started).toEqual(['a', 'b']);
  expect(rehearsal.decision.status).toBe('succeeded');
});

it.each(['timeout', 'abandoned'] as const)('an execution with %s counts as failed', async (status) => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{when: <% failed() %>, do: b}]}, b: {action: x.y, input: {s: <% task(a).status %>, t: <% task_status(a) %>}}}',
    { answer: ({ task }) => (task === 'a' ? { status } : undefined) },
  );
  expect(rehearsal.runs.at(-1)?.parameters).toEqual({ s: status, t: 'failed' });
});

it.each([
  ['fail', 'failed'],
  ['noop', 'succeeded'],
  ['continue', 'failed'],
])('`do: %s` after a failure: the workflow has %s', async (command, status) => {
  const rehearsal = await run(
    `tasks: {a: {action: x.y, next: [{when: <% failed() %>, do: ${command}}]}}`,
    failing('a'),
  );
  expect(rehearsal.decision.status).toBe(status);
});

it.each([
  ['fail', 'failed'],
  ['noop', 'succeeded'],
  ['continue', 'succeeded'],
])('`do: %s` after a success: the workflow has %s', async (command, status) => {
  const rehearsal = await run(`tasks: {a: {action: x.y, next: [{when: <% succeeded() %>, do: ${command}}]}}`);
  expect(rehearsal.decision.status).toBe(status);
});

it('publishing alone does not remedy a failure, and the output is given all the same', async () => {
  const rehearsal = await run(
    'vars: [{said: null}]\ntasks: {a: {action: x.y, next: [{when: <% failed() %>, publish: [{said: <% result().why %>}]}]}}\noutput: [{said: <% ctx(said) %>}]',
    failing('a'),
  );
  expect(rehearsal.decision.status).toBe('failed');
  expect(rehearsal.output).toEqual({ said: 'a' });
});

it('`do: [cleanup, fail]` runs the task and then fails, and nothing follows that task', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{when: <% failed() %>, do: [cleanup, fail]}]}, cleanup: {action: x.y, next: [{do: more}]}, more: {action: x.y}}',
    failing('a'),
  );
  expect(rehearsal.started).toEqual(['a', 'cleanup']);
  expect(rehearsal.decision.status).toBe('failed');
});

it('`do: retry` runs a task again, three times at most', async () => {
  const text =
    'tasks: {a: {action: x.y, next: [{when: <% failed() %>, do: retry}, {when: <% succeeded() %>, do: b}]}, b: {action: x.y}}';
  const once = await run(text, {
    answer: ({ task }, nth) => ({ status: task === 'a' && nth === 0 ? 'failed' : 'succeeded' }),
  });
  expect(once.started).toEqual(['a', 'a', 'b']);
  const never = await run(text, failing('a'));
  expect(never.started).toEqual(['a', 'a', 'a', 'a']);
  expect(never.decision.status).toBe('failed');
});

it('a condition that cannot be evaluated fails the workflow and names its transition', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{when: <% result().nothing = 1 %>, do: b}]}, b: {action: x.y}}',
  );
  expect(rehearsal.decision.result?.errors).toEqual([
    {
      type: 'error',
      message:
        "YaqlEvaluationException: Unable to resolve key 'nothing' in expression '<% result().nothing = 1 %>' from context.",
      task_id: 'a',
      route: 0,
      task_transition_id: 'b__t0',
    },
  ]);
});

it('what cannot be published does not keep other transitions from being looked at, and each error is told', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{publish: [{v: <% result().no %>}], do: b}, {publish: [{v: "{{ result().never }}"}], do: c}]}, b: {action: x.y}, c: {action: x.y}}',
  );
  expect(rehearsal.started).toEqual(['a']);
  expect(rehearsal.errors).toEqual([
    "YaqlEvaluationException: Unable to resolve key 'no' in expression '<% result().no %>' from context.",
    'JinjaEvaluationException: There are unresolved variables: result().never',
  ]);
});

it('a task whose input cannot be evaluated fails the workflow before it starts', async () => {
  const rehearsal = await run('tasks: {a: {action: x.y, input: {v: <% ctx().st2.nothing %>}}}');
  expect(rehearsal.started).toEqual([]);
  expect(rehearsal.errors).toEqual([
    "YaqlEvaluationException: Unable to resolve key 'nothing' in expression '<% ctx().st2.nothing %>' from context.",
  ]);
});

it.each([
  ['{action: <% ctx(n) %>}', 'TypeError: The action of task "a" is not a text.'],
  ['{action: x.y, input: <% ctx(n) %>}', 'TypeError: The input of task "a" is not a map.'],
  ['{action: x.y, delay: <% ctx(t) %>}', 'TypeError: The value of task delay is not type of integer.'],
  [
    '{action: x.y, retry: {count: <% ctx(t) %>}}',
    'TypeError: The value of retry count for task "a" is not type of integer.',
  ],
  ['{action: x.y, with: <% ctx(t) %>}', 'TypeError: The value of "<% ctx(t) %>" is not type of list.'],
])('a value of the wrong type is told: %s', async (task, message) => {
  const rehearsal = await run(`vars: [{n: 5}, {t: text}]\ntasks: {a: ${task}}`);
  expect(rehearsal.decision.status).toBe('failed');
  expect(rehearsal.errors).toEqual([message]);
});

it('an input or a variable that cannot be evaluated fails the workflow before it begins', async () => {
  const rehearsal = await run('vars: [{v: <% 1 / 0 %>}]\ntasks: {a: {action: x.y}}');
  expect(rehearsal.started).toEqual([]);
  expect(rehearsal.errors).toEqual([
    "YaqlEvaluationException: Unable to evaluate expression '<% 1 / 0 %>'. ZeroDivisionError: integer division or modulo by zero",
  ]);
});

it('an output that cannot be evaluated fails a workflow that had succeeded, and the rest of it is kept', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y}}\noutput: [{one: 1}, {two: <% ctx().st2.none %>}, {three: <% ctx(one) + 2 %>}]',
  );
  expect(rehearsal.decision.status).toBe('failed');
  expect(rehearsal.output).toEqual({ one: 1, three: 3 });
});
