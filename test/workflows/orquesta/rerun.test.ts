import { afterAll, expect, it } from 'vitest';
import { rehearsals } from '../../support/orquesta.ts';

const { run, begin, end } = rehearsals();
afterAll(end);

/** The task fails the first time. */
const failingOnce = (name: string) => ({
  answer: ({ task, item }: { task: string; item?: number }, nth: number) => ({
    status:
      nth === 0 && (item === undefined ? task : `${task}[${item}]`) === name
        ? ('failed' as const)
        : ('succeeded' as const),
    result: { nth },
  }),
});
const CHAIN = `
vars: [{r: null}]
tasks:
  a: {action: x.y, next: [{when: <% succeeded() %>, publish: [{r: <% result().nth %>}], do: b}]}
  b: {action: x.y, next: [{when: <% succeeded() %>, do: c}]}
  c: {action: x.y, input: {r: <% ctx(r) %>}}
output: [{r: <% ctx(r) %>}]
`;

it('goes on from what failed, with what was published before, and without its errors', async () => {
  const rehearsal = await run(CHAIN, failingOnce('b'));
  expect(rehearsal.decision.status).toBe('failed');
  expect((await rehearsal.rerun()).status).toBe('running');
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'b', 'b', 'c']);
  expect(rehearsal.decision).toEqual({ run: [], status: 'succeeded', result: { output: { r: 0 } } });
});

it('goes on from a named task, though it succeeded', async () => {
  const rehearsal = await run(CHAIN, failingOnce('c'));
  await rehearsal.rerun(['a']);
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  expect(rehearsal.output).toEqual({ r: 1 });
});

it('of a task and one that follows it runs both once', async () => {
  const rehearsal = await run(CHAIN, failingOnce('c'));
  await rehearsal.rerun(['c', 'b']);
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'b', 'c', 'b', 'c']);
});

it('takes up what another branch had waiting', async () => {
  const rehearsal = await begin(
    'tasks: {a: {action: x.y}, b: {action: x.y, next: [{do: c}]}, c: {action: x.y}}',
    failingOnce('a'),
  );
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'b']);
  await rehearsal.rerun();
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'b', 'a', 'c']);
  expect(rehearsal.decision.status).toBe('succeeded');
});

const ITEMS =
  'tasks: {t: {with: "<% list(0, 1, 2) %>", action: x.y, next: [{when: <% succeeded() %>, publish: [{r: <% result() %>}]}]}}\nvars: [{r: null}]\noutput: [{r: <% ctx(r) %>}]';

it('runs the items that failed, and keeps what the others gave', async () => {
  const rehearsal = await run(ITEMS, failingOnce('t[1]'));
  await rehearsal.rerun();
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['t[0]', 't[1]', 't[2]', 't[1]']);
  expect(rehearsal.output).toEqual({ r: [{ nth: 0 }, { nth: 1 }, { nth: 0 }] });
});

it('with `reset` runs all of them', async () => {
  const rehearsal = await run(ITEMS, failingOnce('t[1]'));
  await rehearsal.rerun(['t'], true);
  await rehearsal.finish();
  expect(rehearsal.started.slice(3)).toEqual(['t[0]', 't[1]', 't[2]']);
});

it('after `fail` goes on from the task that said so', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{when: "<% result().nth = 0 %>", do: fail}]}}',
    failingOnce('none'),
  );
  expect(rehearsal.decision.status).toBe('failed');
  await rehearsal.rerun();
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'a']);
  expect(rehearsal.decision).toEqual({ run: [], status: 'succeeded', result: { output: null } });
});

it('of a canceled workflow goes on from what was canceled', async () => {
  const rehearsal = await begin(CHAIN);
  await rehearsal.cancel();
  await rehearsal.end('a', { status: 'canceled', result: null });
  expect(rehearsal.decision.status).toBe('canceled');
  await rehearsal.rerun();
  await rehearsal.end('a', { result: { nth: 7 } });
  await rehearsal.finish();
  expect(rehearsal.output).toEqual({ r: 7 });
});

it('begins again what failed before any task ran', async () => {
  const keys: Record<string, string> = {};
  const own = rehearsals({ keys });
  const text = 'vars: [{v: "<% st2kv(\'system.k\') %>"}]\ntasks: {a: {action: x.y, input: {v: <% ctx(v) %>}}}';
  const rehearsal = await own.run(text);
  expect(rehearsal.decision.status).toBe('failed');
  keys['system:k'] = 'now';
  await rehearsal.rerun();
  expect(rehearsal.runs).toMatchObject([{ task: 'a', parameters: { v: 'now' } }]);
  await own.end();
});

it('goes on with a task whose input could not be evaluated', async () => {
  const keys: Record<string, string> = {};
  const own = rehearsals({ keys });
  const text = 'tasks: {a: {action: x.y, next: [{do: b}]}, b: {action: x.y, input: {v: "<% st2kv(\'system.k\') %>"}}}';
  const rehearsal = await own.run(text);
  expect(rehearsal.errors).toHaveLength(1);
  await rehearsal.rerun();
  expect(rehearsal.errors).toHaveLength(1);
  keys['system:k'] = 'now';
  await rehearsal.rerun();
  await rehearsal.finish();
  expect(rehearsal.started).toEqual(['a', 'b']);
  expect(rehearsal.decision.status).toBe('succeeded');
  await own.end();
});

it('may fail again, and be run again', async () => {
  const rehearsal = await run('tasks: {a: {action: x.y}}', {
    answer: (_, nth) => ({ status: nth < 2 ? 'failed' : 'succeeded' }),
  });
  await rehearsal.rerun();
  await rehearsal.finish();
  expect(rehearsal.decision.status).toBe('failed');
  await rehearsal.rerun();
  await rehearsal.finish();
  expect(rehearsal.decision.status).toBe('succeeded');
});

it.each([
  [['nobody'], 'it has not run `nobody`'],
  [undefined, 'none of its tasks failed'],
])('is refused for %s', async (tasks, why) => {
  const rehearsal = await run(CHAIN);
  await expect(rehearsal.rerun(tasks)).rejects.toThrow(why);
});

it('is refused while the workflow runs', async () => {
  const rehearsal = await begin(CHAIN);
  await expect(rehearsal.rerun()).rejects.toThrow('it is not over yet');
});
