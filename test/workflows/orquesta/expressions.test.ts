import { afterAll, describe, expect, it } from 'vitest';
import { Rehearsal, rehearsals, workflow } from '../../support/orquesta.ts';

const { run, begin, end, evaluator } = rehearsals({
  keys: { 'system:a.b': 'S', 'user:k': 'U', 'system:secret': 'enc:plain' },
});
afterAll(end);
const impatient = rehearsals({ limits: { timeMs: 400 } });
afterAll(impatient.end);

const VARS = `
vars:
  - n: 5
  - s: text
  - l: [1, two, null]
  - m: {a: {b: 1}, list: [{x: 1}, {x: 2}]}
  - none: null
  - again: "<% 'a' + 'b' %>"
  - nested: "{{ '<' }}% ctx(n) %>"
`;

/** What a value of the output is evaluated to. */
async function evaluated(value: string): Promise<unknown> {
  const text = `${VARS}\ntasks: {a: {action: x.y, input: {v: ${JSON.stringify(value)}}}}`;
  const rehearsal = await begin(text, { input: {} });
  if (rehearsal.errors.length > 0) throw new Error(rehearsal.errors.join('; '));
  return rehearsal.runs[0]?.parameters.v;
}

describe('an expression that is the whole text keeps its type', () => {
  it.each([
    ['<% ctx(n) %>', 5],
    ['{{ ctx().n }}', 5],
    ['<% ctx().m %>', { a: { b: 1 }, list: [{ x: 1 }, { x: 2 }] }],
    ['{{ ctx("l") }}', [1, 'two', null]],
    ['<% ctx(none) %>', null],
    ['{{ ctx().none }}', null],
    ['<% ctx(n) > 4 and not ctx(s) = x %>', true],
    ['{{ ctx().n > 4 and ctx().s != "x" }}', true],
    ['<% 7 / 2.0 %>', 3.5],
    ['<% ctx().m.list.x %>', [1, 2]],
    ['<% ctx().l.where($ != null) %>', [1, 'two']],
    ['<% dict(a => ctx(n), b => list(1)) %>', { a: 5, b: [1] }],
    ['<% set(1) %>', [1]],
    ['<% ctx(again) %>', 'ab'],
  ])('%s', async (text, expected) => {
    expect(await evaluated(text)).toEqual(expected);
  });
});

describe('an expression within other text becomes text as Python prints it', () => {
  it.each([
    ['n=<% ctx(n) %> s={{', 'n=5 s={{'],
    [' <% ctx(n) %>', ' 5'],
    ['<% ctx(n) %>\n', '5\n'],
    ['<% ctx(none) %>, <% ctx(n) = 5 %>', 'None, True'],
    ['<% ctx(m).a %>!', "{'b': 1}!"],
    ['{{ ctx().l }} {{ ctx().n }}', "[1, 'two', None] 5"],
    ['{% for i in ctx().l %}{{ i }};{% endfor %}', '1;two;None;'],
    ['{% raw %}{{ kept }}{% endraw %}', '{{ kept }}'],
    ['<% ctx(n) %><% ctx(n) %>', '55'],
    ['no expression', 'no expression'],
    ['<% ctx(n)\n %>', '<% ctx(n)\n %>'],
  ])('%j', async (text, expected) => {
    expect(await evaluated(text)).toEqual(expected);
  });
});

it('keys of maps are evaluated too', async () => {
  const rehearsal = await begin(`${VARS}\ntasks: {a: {action: x.y, input: {m: {"<% ctx(s) %>": 1}}}}`);
  expect(rehearsal.runs[0]?.parameters).toEqual({ m: { text: 1 } });
});

it('what an input holds is evaluated, and so is what comes out of it', async () => {
  const rehearsal = await begin('input: [a, {b: <% ctx(a) %>}]\ntasks: {t: {action: x.y, input: {b: <% ctx(b) %>}}}', {
    input: { a: '<% 1 + 1 %>' },
  });
  expect(rehearsal.runs[0]?.parameters).toEqual({ b: 2 });
});

it('a text that comes out of an expression may name variables that no text of the workflow names', async () => {
  const rehearsal = await begin(
    "vars: [{hidden: 7}, {t: 1}]\ntasks: {a: {action: x.y, input: {v: \"<% '<' + '% ctx(hidden) %' + '>' %>\"}}}",
  );
  expect(rehearsal.runs[0]?.parameters).toEqual({ v: 7 });
});

describe('functions', () => {
  it.each([
    ['<% json(\'{"a": [1]}\').a %>', [1]],
    ['{{ json(\'{"a": 1}\') }}', { a: 1 }],
    [
      '<% zip(list(1, 2), list(a)) %>',
      [
        [1, 'a'],
        [2, null],
      ],
    ],
    [
      '<% zip(list(1, 2), list(a), pad => 0) %>',
      [
        [1, 'a'],
        [2, 0],
      ],
    ],
    ['{{ zip([1], [2]) }}', [[1, 2]]],
    ["<% st2kv('system.a.b') %>", 'S'],
    ["<% st2kv('user.k') %>", 'U'],
    ['<% st2kv(k) %>', 'U'],
    ["{{ st2kv('system.a.b') }}", 'S'],
    ["<% st2kv('system.secret', decrypt => true) %>", 'plain'],
    ["{{ st2kv('system.secret', decrypt=True) }}", 'plain'],
    ["<% st2kv('system.none', default => 3) %>", 3],
    ["<% regex_replace(ctx(s), 'e.t', '-') %>", 't-'],
    ["{{ ctx().s | regex_replace('e.t', '-') }}", 't-'],
    ['<% to_json_string(ctx(m).a) %>', '{"b": 1}'],
    ['<% json_dump(ctx(l)) %>', '[1,"two",null]'],
    ['<% json_parse("[1]") %>', [1]],
    ['<% yaml_parse("a: 1") %>', { a: 1 }],
    ['<% yaml_dump(ctx(m).a) %>', 'b: 1\n'],
    ["<% version_bump_minor('1.2.3') %>", '1.3.0'],
    ["<% jsonpath_query(ctx(m), 'list[*].x') %>", [1, 2]],
    ["<% basename('/a/b') %>", 'b'],
    ['<% ctx().st2.user %>', 'me'],
    ['{{ ctx("st2").action_execution_id }}', 'x1'],
    ['{{ ctx().keys() | sort | first }}', 'again'],
    ['<% ctx().containsKey(n) %>', true],
    ["{{ 's' | ctx }}", 'text'],
    ['<% task_status(nobody) %>', 'null'],
  ])('%s', async (text, expected) => {
    expect(await evaluated(text)).toEqual(expected);
  });

  it.each([
    ["<% st2kv('system.none') %>", 'The key "system.none" does not exist in the datastore.'],
    ['<% ctx().st2.nothing %>', "Unable to resolve key 'nothing'"],
    ['{{ ctx().st2.nothing }}', 'There are unresolved variables: ctx().st2.nothing'],
    ['<% item() %>', '__current_item'],
    ["{{ ctx().m.list | map(attribute='y') | list }}", "has no attribute 'y'"],
    ['<% float("nan") %>', 'not JSON compliant'],
    ['<% task(nobody) %>', 'Unable to find task execution for "nobody".'],
  ])('%s is an error', async (text, message) => {
    await expect(evaluated(text)).rejects.toThrow(message);
  });

  it('tell of tasks that ran before: their status, their result, their execution', async () => {
    const rehearsal = await run(
      `
tasks:
  a: {action: x.y, next: [{do: b}]}
  b:
    action: x.y
    input:
      status: <% task_status(a) %>
      result: <% task(a).result.v %>
      execution: "{{ task('a').task_execution_id }}"
      workflow: <% task(a).workflow_execution_id %>
    next: [{when: "{{ completed() and succeeded() and not failed() }}", do: c}]
  c: {action: x.y}
`,
      { answer: () => ({ result: { v: [1] } }) },
    );
    expect(rehearsal.runs[1]?.parameters).toEqual({
      status: 'succeeded',
      result: [1],
      execution: 'e1',
      workflow: 'w1',
    });
    expect(rehearsal.started).toEqual(['a', 'b', 'c']);
  });
});

it('published variables are set one after the other, each seeing the ones before', async () => {
  const rehearsal = await run(
    'vars: [{a: 1}, {b: 0}]\ntasks: {t: {next: [{publish: [{a: <% ctx(a) + 1 %>}, {b: <% ctx(a) * 10 %>}]}]}}\noutput: [{a: <% ctx(a) %>}, {b: <% ctx(b) %>}, {c: <% ctx(a) + ctx(b) %>}]',
  );
  expect(rehearsal.output).toEqual({ a: 2, b: 20, c: 22 });
});

it('published variables may be written in one text', async () => {
  const rehearsal = await run(
    'vars: [{a: 1}, {b: 0}, {c: 0}]\ntasks: {t: {next: [{publish: \'a=5 b="two words" c=<% ctx(a) %>\'}]}}\noutput: [{a: <% ctx(a) %>}, {b: <% ctx(b) %>}, {c: <% ctx(c) %>}]',
  );
  expect(rehearsal.output).toEqual({ a: 5, b: 'two words', c: 5 });
});

it.each([
  ['core.local cmd="echo <% ctx(n) %>" timeout=5', { cmd: 'echo 5', timeout: 5 }],
  ["core.local cmd='a b' flag=True", { cmd: 'a b', flag: true }],
  ['core.local l=[1, 2] v=<% ctx(m).a %> f=-1.5 x=null', { l: [1, 2], v: { b: 1 }, f: -1.5, x: null }],
])('parameters may follow the action: %s', async (action, parameters) => {
  const rehearsal = await begin(`${VARS}\ntasks: {a: {action: ${JSON.stringify(action)}}}`);
  expect(rehearsal.runs[0]).toMatchObject({ action: 'core.local', parameters });
});

it('the action and its whole input may be expressions', async () => {
  const rehearsal = await begin(
    'vars: [{a: core.noop}, {i: {x: 1}}]\ntasks: {t: {action: <% ctx(a) %>, input: <% ctx(i) %>}}',
  );
  expect(rehearsal.runs[0]).toMatchObject({ action: 'core.noop', parameters: { x: 1 } });
});

it('an expression that never ends fails its own workflow and no other', async () => {
  const never = 'tasks: {a: {next: [{when: "<% range(1000000000).len() > 0 %>", do: b}]}, b: {action: x.y}}';
  const fine = 'tasks: {a: {action: x.y, input: {v: <% 1 + 1 %>}}}';
  const [bad, ...good] = await Promise.all([
    impatient.run(never),
    ...Array.from({ length: 3 }, () => impatient.run(fine)),
  ]);
  expect(bad?.decision.status).toBe('failed');
  expect(bad?.errors.join()).toContain('expression/timeout: it took longer than 0.4 s');
  expect(good.map(({ decision }) => decision.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

it('a decision that is cut off by the end of the app is not made', async () => {
  const own = rehearsals();
  const definition = await workflow('tasks: {a: {action: x.y, input: {v: <% 1 + 1 %>}}}', evaluator);
  await own.end();
  const rehearsal = new Rehearsal(definition, own.evaluator);
  await expect(rehearsal.begin()).rejects.toMatchObject({ code: 'expression/stopped' });
});

it('more workflows at once than the service lets wait all come to their end', async () => {
  const small = rehearsals({ limits: { waiting: 250 } });
  const text = 'tasks: {a: {action: x.y, input: {v: <% 1 + 1 %>}}}';
  const all = await Promise.all(Array.from({ length: 400 }, () => small.run(text)));
  await small.end();
  expect(all.filter(({ decision }) => decision.status === 'succeeded')).toHaveLength(400);
});
