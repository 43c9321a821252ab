import { afterAll, expect, it } from 'vitest';
import { rehearsals } from '../../support/orquesta.ts';

const { run, begin, end } = rehearsals();
afterAll(end);

const parametersOf = (rehearsal: { runs: readonly { parameters: object }[] }) =>
  rehearsal.runs.map(({ parameters }) => parameters);

it.each([
  ['<% ctx(l) %>', '<% item() %>', ['a', 'b']],
  ['x in <% ctx(l) %>', '<% item(x) %>', ['a', 'b']],
  ['x in {{ ctx().l }}', '{{ item("x") }}', ['a', 'b']],
  ['x, y in <% zip(ctx(l), ctx(m)) %>', '<% item(x) %>-<% item(y) %>', ['a-1', 'b-2']],
  [
    '<% zip(ctx(l), ctx(m)) %>',
    '<% item() %>',
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
])('`with: %s` runs the action for each item', async (items, value, expected) => {
  const rehearsal = await run(
    `vars: [{l: [a, b]}, {m: [1, 2]}]\ntasks: {t: {with: "${items}", action: x.y, input: {v: '${value}'}}}`,
  );
  expect(parametersOf(rehearsal)).toEqual(expected.map((v) => ({ v })));
  expect(rehearsal.started).toEqual(['t[0]', 't[1]']);
});

const LIST = (more = '') => `
tasks:
  t:
    with: {items: "<% list(0, 1, 2, 3) %>"${more}}
    action: x.y
    input: {n: <% item() %>}
    next:
      - {when: <% succeeded() %>, publish: [{all: <% result() %>}], do: after}
      - {when: <% failed() %>, publish: [{all: <% result() %>}], do: bad}
  after: {action: x.y, input: {all: <% ctx(all) %>, items: <% task(t).result.items %>}}
  bad: {action: x.y, input: {all: <% ctx(all) %>, items: <% task(t).result.items %>}}
`;

it('results come in the order of the items, whichever ended first', async () => {
  const rehearsal = await begin(LIST());
  for (const index of [2, 0, 3, 1]) await rehearsal.end(`t[${index}]`);
  const all = [0, 1, 2, 3].map((n) => ({ n }));
  const items = all.map((result) => ({ result, status: 'succeeded' }));
  expect(rehearsal.open[0]?.parameters).toEqual({ all, items });
});

it('one item that fails fails the task, once all that were started have ended', async () => {
  const rehearsal = await run(LIST(), {
    answer: ({ item }) => (item === 1 ? { status: 'failed', result: null } : undefined),
  });
  expect(rehearsal.started.at(-1)).toBe('bad');
  expect(rehearsal.runs.at(-1)?.parameters.all).toEqual([{ n: 0 }, null, { n: 2 }, { n: 3 }]);
});

it('`concurrency` bounds how many run at once, and the next starts when one has ended', async () => {
  const rehearsal = await begin(LIST(', concurrency: 2'));
  expect(rehearsal.started).toEqual(['t[0]', 't[1]']);
  await rehearsal.end('t[1]');
  expect(rehearsal.started).toEqual(['t[0]', 't[1]', 't[2]']);
  await rehearsal.finish();
  expect(rehearsal.started.at(-1)).toBe('after');
});

it('with one at a time the first failure keeps the rest from starting', async () => {
  const rehearsal = await run(LIST(', concurrency: 1'), {
    answer: ({ item }) => (item === 1 ? { status: 'failed' } : undefined),
  });
  expect(rehearsal.started).toEqual(['t[0]', 't[1]', 'bad']);
  expect(rehearsal.runs.at(-1)?.parameters.items).toEqual([
    { result: { n: 0 }, status: 'succeeded' },
    { result: { n: 1 }, status: 'failed' },
    null,
    null,
  ]);
});

it('an empty list succeeds with an empty result', async () => {
  const rehearsal = await run(
    'tasks: {t: {with: <% list() %>, action: x.y, next: [{publish: [{r: <% result() %>}], do: u}]}, u: {action: x.y, input: {r: <% ctx(r) %>}}}',
  );
  expect(parametersOf(rehearsal)).toEqual([{ r: [] }]);
});

it('the delay of a task with a bound is that of the first ones only', async () => {
  const rehearsal = await run(
    'tasks: {t: {with: {items: "<% list(1, 2, 3) %>", concurrency: 2}, delay: 5, action: x.y}}',
  );
  expect(rehearsal.runs.map(({ delay }) => delay)).toEqual([5, 5, undefined]);
});

it('many items are started, and each is asked for once', async () => {
  const rehearsal = await run(
    'tasks: {t: {with: {items: <% range(210) %>, concurrency: 100}, action: x.y, input: {n: <% item() * 2 %>}}}',
  );
  expect(rehearsal.decision.status).toBe('succeeded');
  expect(new Set(rehearsal.started).size).toBe(210);
  expect(rehearsal.runs.at(-1)?.parameters).toEqual({ n: 418 });
});

it('a retry runs all items again, and the result is that of the last try', async () => {
  const rehearsal = await run(
    'tasks: {t: {with: "<% list(1, 2) %>", action: x.y, retry: {count: 1}, next: [{publish: [{r: <% result() %>}]}]}}\nvars: [{r: null}]\noutput: [{r: <% ctx(r) %>}]',
    {
      answer: ({ item }, nth) => ({
        status: item === 1 && nth === 0 ? 'failed' : 'succeeded',
        result: `${item}${nth}`,
      }),
    },
  );
  expect(rehearsal.started).toEqual(['t[0]', 't[1]', 't[0]', 't[1]']);
  expect(rehearsal.output).toEqual({ r: ['01', '11'] });
});

it('items of a task in a loop start anew with every turn', async () => {
  const rehearsal = await run(`
vars: [{n: 0}]
tasks:
  i: {next: [{do: t}]}
  t:
    with: <% list(1, 2) %>
    action: x.y
    next: [{when: <% ctx(n) < 1 %>, publish: [{n: <% ctx(n) + 1 %>}], do: t}]
`);
  expect(rehearsal.started).toEqual(['t[0]', 't[1]', 't[0]', 't[1]']);
});
