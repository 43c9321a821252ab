import { afterAll, expect, it } from 'vitest';
import { rehearsals } from '../../support/orquesta.ts';

const { run, begin, end } = rehearsals();
afterAll(end);

it('tasks follow each other, and the output sees what they published', async () => {
  const rehearsal = await run(
    `
input: [name]
vars: [{greeting: hello}]
tasks:
  a:
    action: core.echo
    input: {message: "<% ctx().greeting %> <% ctx(name) %>"}
    next:
      - when: <% succeeded() %>
        publish: [{said: <% result().message %>}]
        do: b
  b:
    action: core.echo message=<% ctx(said) %>
output:
  - said: <% ctx(said) %>
  - twice: "{{ ctx().said }} {{ ctx('said') }}"
`,
    { input: { name: 'Ann' } },
  );
  expect(rehearsal.started).toEqual(['a', 'b']);
  expect(rehearsal.decision).toEqual({
    run: [],
    status: 'succeeded',
    result: { output: { said: 'hello Ann', twice: 'hello Ann hello Ann' } },
  });
});

it('every task that nothing leads to starts at once', async () => {
  const rehearsal = await begin('tasks: {b: {action: x.y}, a: {action: x.y}}');
  expect(rehearsal.started).toEqual(['a', 'b']);
});

it('every transition that holds is taken, and one without a condition after a failure too', async () => {
  const rehearsal = await run(
    `
tasks:
  a:
    action: x.y
    next:
      - {when: <% succeeded() %>, do: never}
      - {when: <% failed() %>, do: b}
      - {do: c}
  never: {action: x.y}
  b: {action: x.y}
  c: {action: x.y}
`,
    { answer: ({ task }) => ({ status: task === 'a' ? 'failed' : 'succeeded' }) },
  );
  expect(rehearsal.started).toEqual(['a', 'b', 'c']);
  expect(rehearsal.decision.status).toBe('succeeded');
});

it('targets may stand in a text with commas between', async () => {
  const rehearsal = await run('tasks: {a: {next: [{do: "b, c"}]}, b: {action: x.y}, c: {action: x.y}}');
  expect(rehearsal.started).toEqual(['b', 'c']);
});

it('a task without an action succeeds at once, with no result', async () => {
  const rehearsal = await run(
    'tasks: {a: {next: [{when: <% succeeded() %>, publish: [{r: <% result() %>}], do: b}]}, b: {action: x.y, input: {r: <% ctx(r) %>}}}',
  );
  expect(rehearsal.runs[0]?.parameters).toEqual({ r: null });
});

const JOINED = (join: string) => `
tasks:
  a: {action: x.y, next: [{publish: [{last: a}, {a: 1}], do: z}]}
  b: {action: x.y, next: [{publish: [{last: b}, {b: 2}], do: z}]}
  c: {action: x.y, next: [{publish: [{last: c}], do: z}]}
  z: {action: x.y, join: ${join}, input: {last: <% ctx(last) %>}}
`;

it('a join of all waits for every branch, and what the last one published wins', async () => {
  const rehearsal = await begin(JOINED('all'));
  await rehearsal.end('c');
  await rehearsal.end('b');
  expect(rehearsal.started).not.toContain('z');
  await rehearsal.end('a');
  expect(rehearsal.runs.at(-1)).toMatchObject({ task: 'z', parameters: { last: 'a' } });
});

it('a join of a number starts with that many branches, and again for one that comes later', async () => {
  const rehearsal = await begin(JOINED('2'));
  await rehearsal.end('a');
  expect(rehearsal.started).not.toContain('z');
  await rehearsal.end('b');
  expect(rehearsal.started.filter((task) => task === 'z')).toHaveLength(1);
  await rehearsal.end('z');
  await rehearsal.finish();
  expect(rehearsal.started.filter((task) => task === 'z')).toHaveLength(2);
});

it('a join that can never be complete fails the workflow and names itself', async () => {
  const rehearsal = await run(`
tasks:
  a: {action: x.y, next: [{when: <% succeeded() %>, do: z}]}
  b: {action: x.y, next: [{when: <% failed() %>, do: z}]}
  z: {action: x.y, join: all}
`);
  expect(rehearsal.decision.status).toBe('failed');
  expect(rehearsal.errors).toEqual([
    'UnreachableJoinError: The join task|route "z|0" is partially satisfied but unreachable.',
  ]);
});

it('a join does not wait for a task that can never start', async () => {
  const rehearsal = await run(
    'tasks: {a: {action: x.y, next: [{do: z}]}, lone: {next: [{do: [lone, z]}]}, z: {action: x.y, join: all}}',
  );
  expect(rehearsal.started).toEqual(['a', 'z']);
});

it('without a join a task runs once for each way that leads to it, each with its own variables', async () => {
  const rehearsal = await run(`
tasks:
  a: {action: x.y, next: [{publish: [{from: a}], do: z}]}
  b: {action: x.y, next: [{publish: [{from: b}], do: z}]}
  z: {action: x.y, input: {from: <% ctx(from) %>}, next: [{do: end}]}
  end: {action: x.y, input: {from: <% ctx(from) %>, status: <% task_status(z) %>}}
`);
  const of = (name: string) =>
    rehearsal.runs.filter(({ task }) => task === name).map(({ parameters }) => parameters.from);
  expect(of('z')).toEqual(['a', 'b']);
  expect(of('end')).toEqual(['a', 'b']);
  expect(new Set(rehearsal.runs.map(({ key }) => key)).size).toBe(rehearsal.runs.length);
});

it('a loop goes on for as long as its condition holds', async () => {
  const rehearsal = await run(`
vars: [{n: 0}]
tasks:
  init: {next: [{do: count}]}
  count:
    action: x.y
    input: {n: <% ctx(n) %>}
    next:
      - {when: <% ctx(n) < 3 %>, publish: [{n: <% ctx(n) + 1 %>}], do: count}
      - {when: <% ctx(n) = 3 %>, do: done}
  done: {action: x.y}
output: [{n: <% ctx(n) %>}]
`);
  expect(rehearsal.started).toEqual(['count', 'count', 'count', 'count', 'done']);
  expect(rehearsal.output).toEqual({ n: 3 });
});

it('a loop of tasks that do nothing is ended', async () => {
  const rehearsal = await begin('tasks: {init: {next: [{do: a}]}, a: {next: [{do: b}]}, b: {next: [{do: a}]}}');
  expect(rehearsal.decision.status).toBe('failed');
  expect(rehearsal.errors).toEqual(['WorkflowLoopError: more than 1000 tasks without an action follow each other']);
});

it('maps that are published are joined key by key with what was there', async () => {
  const rehearsal = await run(`
vars: [{m: {a: 1, deep: {x: 1}}}]
tasks: {a: {next: [{publish: [{m: {b: 2, deep: {y: 2}}}], do: b}]}, b: {action: x.y, input: <% ctx(m) %>}}
`);
  expect(rehearsal.runs[0]?.parameters).toEqual({ a: 1, b: 2, deep: { x: 1, y: 2 } });
});

it('an end that is told twice decides nothing the second time', async () => {
  const rehearsal = await begin('tasks: {a: {action: x.y, next: [{do: b}]}, b: {action: x.y}}');
  const run1 = rehearsal.open[0];
  await rehearsal.end('a');
  const again = await rehearsal.tell({ key: run1?.key ?? '', execution: 'e', status: 'failed', result: null });
  expect(again).toEqual({ run: [], status: 'running' });
  expect(rehearsal.started).toEqual(['a', 'b']);
});

it('what is asked for has the delay that its task says, which may be an expression', async () => {
  const rehearsal = await begin(
    'vars: [{s: 4}]\ntasks: {a: {action: x.y, delay: 2}, b: {action: x.y, delay: <% ctx(s) + 1 %>}}',
  );
  expect(rehearsal.runs.map(({ delay }) => delay)).toEqual([2, 5]);
});

it('a loop of many turns keeps a state that grows with their number and no faster', async () => {
  const sizes: number[] = [];
  for (const turns of [100, 400]) {
    const rehearsal = await run(
      `
vars: [{m: {start: 1}}, {last: 0}]
tasks:
  init: {next: [{do: a}]}
  a:
    action: x.y
    input: {n: <% ctx(last) %>}
    next: [{when: <% result().more %>, publish: [{last: <% result().n %>}, {m: {seen: <% result().n %>}}], do: a}]
output: [{m: <% ctx(m) %>}, {last: <% ctx(last) %>}]
`,
      { answer: (_, nth) => ({ result: { n: nth, more: nth < turns } }) },
    );
    expect(rehearsal.output).toEqual({ m: { start: 1, seen: turns - 1 }, last: turns - 1 });
    sizes.push(JSON.stringify(rehearsal.state).length);
  }
  expect((sizes[1] ?? 0) / (sizes[0] ?? 1)).toBeLessThan(5);
});
