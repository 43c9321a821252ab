import { afterAll, expect, it } from 'vitest';
import { rehearsals } from '../../support/orquesta.ts';

const { run, end } = rehearsals();
afterAll(end);

const FAILS_FIRST = (times: number) => ({
  answer: (_: unknown, nth: number) => ({
    status: nth < times ? ('failed' as const) : ('succeeded' as const),
    result: { nth },
  }),
});

it('a task that fails is tried again until it succeeds, after the delay, and its result is that of the last try', async () => {
  const rehearsal = await run(
    'vars: [{d: 3}, {r: null}]\ntasks: {a: {action: x.y, retry: {count: 3, delay: <% ctx(d) %>}, next: [{publish: [{r: <% result().nth %>}]}]}}\noutput: [{r: <% ctx(r) %>}]',
    FAILS_FIRST(2),
  );
  expect(rehearsal.runs.map(({ delay }) => delay)).toEqual([undefined, 3, 3]);
  expect(rehearsal.decision.status).toBe('succeeded');
  expect(rehearsal.output).toEqual({ r: 2 });
});

it('after `count` retries the failure stands', async () => {
  const rehearsal = await run('tasks: {a: {action: x.y, retry: {count: 2}}}', FAILS_FIRST(9));
  expect(rehearsal.started).toEqual(['a', 'a', 'a']);
  expect(rehearsal.decision.status).toBe('failed');
});

it('`when` decides about successes too', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, retry: {when: <% result().nth < 2 %>, count: 5}}}',
    FAILS_FIRST(0),
  );
  expect(rehearsal.started).toEqual(['a', 'a', 'a']);
  expect(rehearsal.decision.status).toBe('succeeded');
});

it('`when` that does not hold lets a failure stand', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, retry: {when: "{{ result().nth > 5 }}", count: 5}}}',
    FAILS_FIRST(9),
  );
  expect(rehearsal.started).toEqual(['a']);
});

it('transitions are taken after the last try only', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, retry: {count: 1}, next: [{when: <% failed() %>, do: b}]}, b: {action: x.z}}',
    { answer: ({ task }) => ({ status: task === 'a' ? 'failed' : 'succeeded' }) },
  );
  expect(rehearsal.started).toEqual(['a', 'a', 'b']);
});

it('each try has a key of its own', async () => {
  const rehearsal = await run('tasks: {a: {action: x.y, retry: {count: 2}}}', FAILS_FIRST(9));
  expect(new Set(rehearsal.runs.map(({ key }) => key)).size).toBe(3);
});
