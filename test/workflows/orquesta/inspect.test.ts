import { afterAll, describe, expect, it } from 'vitest';
import { inspectOrquesta } from '../../../main/workflows/orquesta/inspect.ts';
import { orquesta } from '../../../main/workflows/orquesta/orquesta.ts';
import { rehearsals } from '../../support/orquesta.ts';

const { evaluator, end } = rehearsals();
afterAll(end);
const problemsOf = async (text: string) => (await inspectOrquesta(text, 'w.yaml', evaluator)).problems;
const TASK = 'properties.tasks.patternProperties.^\\w+$';

describe('a fault is told with its type, line and place', () => {
  it.each([
    ['not YAML', 'tasks: {a: [}', 'syntax', 1, '', 'not valid YAML'],
    ['no map', '- 1', 'syntax', 1, '', 'a workflow'],
    ['an alias within itself', 'tasks: &a {a: *a}', 'syntax', 1, '', 'refer to itself'],
    ['no tasks', 'version: 1.0', 'syntax', 1, 'tasks', '`tasks` is missing'],
    ['empty tasks', 'version: 1.0\ntasks: {}', 'syntax', 2, 'tasks', 'must have at least one task'],
    ['another version', 'version: 2.0\ntasks: {a: {action: x.y}}', 'syntax', 1, 'version', 'must be 1.0'],
    ['an unknown key of the workflow', 'tasks: {a: {action: x.y}}\nvar: [{a: 1}]', 'syntax', 2, '', '`var`'],
    [
      'an unknown key of a task',
      'tasks:\n  a:\n    action: x.y\n    on-success: b',
      'syntax',
      4,
      'tasks.a',
      '`on-success`',
    ],
    [
      'an unknown key of a transition',
      'tasks:\n  a:\n    next:\n      - if: 1',
      'syntax',
      4,
      'tasks.a.next[0]',
      '`if`',
    ],
    ['a wrong join', 'tasks:\n  a:\n    join: some', 'syntax', 3, 'tasks.a.join', '`all` or a whole number'],
    [
      'a retry without a count',
      'tasks:\n  a:\n    retry: {delay: 1}',
      'syntax',
      3,
      'tasks.a.retry.count',
      '`count` is missing',
    ],
    ['vars that are a map', 'vars: {a: 1}\ntasks: {a: {action: x.y}}', 'syntax', 1, 'vars', 'list of maps'],
    [
      'two keys in one item of vars',
      'vars: [{a: 1, b: 2}]\ntasks: {a: {action: x.y}}',
      'syntax',
      1,
      'vars[0]',
      'exactly one key',
    ],
    [
      'items without an expression',
      'tasks:\n  a:\n    action: x.y\n    with: l',
      'syntax',
      4,
      'tasks.a.with',
      'must be an expression',
    ],
    ['a negative delay', 'tasks:\n  a: {action: x.y, delay: -1}', 'syntax', 2, 'tasks.a.delay', 'whole number from 0'],
    ['a reserved name', 'tasks:\n  fail: {action: x.y}', 'semantic', 2, 'tasks.fail', 'reserved'],
    ['no start', 'tasks:\n  a: {next: [{do: b}]}\n  b: {next: [{do: a}]}', 'semantic', 1, 'tasks', 'No task can start'],
    [
      'an undefined target',
      'tasks:\n  a:\n    next:\n      - do: b',
      'semantic',
      4,
      'tasks.a.next[0].do',
      '"b" is not defined',
    ],
    [
      'items without an action',
      'tasks:\n  a: {with: "<% list(1) %>"}',
      'semantic',
      2,
      'tasks.a',
      'action property is required',
    ],
    [
      'a join of branches that were split',
      'tasks:\n  a: {next: [{do: [c, d]}]}\n  b: {next: [{do: c}]}\n  c: {next: [{do: j}]}\n  d: {next: [{do: j}]}\n  j: {join: all}',
      'semantic',
      6,
      'tasks.j',
      'unreachable',
    ],
    [
      'YAQL that cannot be parsed',
      'tasks:\n  a:\n    action: x.y\n    input: {v: "<% 1 + %>"}',
      'expression',
      4,
      'tasks.a.input',
      'Parse error',
    ],
    [
      'Jinja that cannot be parsed',
      'tasks:\n  a:\n    action: x.y\n    input: {v: "{{ 1 + }}"}',
      'expression',
      4,
      'tasks.a.input',
      'unexpected',
    ],
    [
      'two languages in one text',
      'tasks:\n  a:\n    action: x.y <% ctx() %> {{ ctx() }}',
      'expression',
      3,
      'tasks.a.action',
      'multiple types',
    ],
    [
      'a variable nobody sets',
      'tasks:\n  a:\n    action: x.y\n    input: {v: <% ctx(x) %>}',
      'context',
      4,
      'tasks.a.input',
      '"x" is referenced before assignment',
    ],
    [
      'a variable in a retry that cannot be parsed',
      'tasks:\n  a:\n    retry: {count: 1, when: <% ( %>}',
      'expression',
      3,
      'tasks.a.retry.when',
      'Parse error',
    ],
    [
      'a variable that is set later',
      'vars: [{a: <% ctx(b) %>}, {b: 1}]\ntasks: {a: {action: x.y}}',
      'context',
      1,
      'vars[0]',
      '"b" is referenced before assignment',
    ],
    [
      'a variable that only another branch sets',
      'tasks:\n  a: {next: [{publish: [{x: 1}], do: c}]}\n  b: {action: x.y, input: {v: <% ctx(x) %>}}\n  c: {action: x.y}',
      'context',
      3,
      'tasks.b.input',
      '"x" is referenced before assignment',
    ],
    [
      'a private variable',
      'tasks: {a: {action: x.y, input: {v: <% ctx(__x) %>}}}',
      'context',
      1,
      'tasks.a.input',
      'two underscores',
    ],
  ])('%s', async (_, text, type, line, place, message) => {
    const problem = (await problemsOf(text)).find((one) => one.spec_path === place && one.message.includes(message));
    expect(problem, JSON.stringify(await problemsOf(text), null, 2)).toMatchObject({ type, line, file: 'w.yaml' });
  });
});

it('an error is in StackStorm’s own form', async () => {
  expect(await problemsOf('tasks:\n  a:\n    next:\n      - when: <% ctx().x = 1 %>\n        do: noop')).toEqual([
    {
      type: 'context',
      language: 'yaql',
      expression: '<% ctx().x = 1 %>',
      message: 'Variable "x" is referenced before assignment.',
      spec_path: 'tasks.a.next[0].when',
      schema_path: `${TASK}.properties.next.items.properties.when`,
      file: 'w.yaml',
      line: 4,
    },
  ]);
});

it('all faults are told at once', async () => {
  const problems = await problemsOf(
    'tasks:\n  noop: {action: x.y, input: {v: <% ctx(x) %>, w: "{{ ( }}"}, next: [{do: q}]}',
  );
  expect(problems.map(({ type }) => type)).toEqual(['context', 'expression', 'semantic', 'semantic']);
});

it.each([
  [
    'a variable that every branch before a join sets',
    'tasks:\n  a: {next: [{publish: [{x: 1}], do: j}]}\n  b: {next: [{publish: [{y: 1}], do: j}]}\n  j: {join: all, action: x.y, input: {v: "<% ctx(x) + ctx(y) %>"}}',
  ],
  [
    'a variable that a loop sets',
    'vars: [{n: 0}]\ntasks:\n  i: {next: [{do: a}]}\n  a: {next: [{publish: [{n: <% ctx(n) + 1 %>}], do: a}]}',
  ],
  [
    'what one branch publishes, in the output',
    'tasks:\n  a: {next: [{when: <% failed() %>, publish: [{x: 1}]}]}\noutput: [{x: <% ctx(x) %>}]',
  ],
  ['`st2` and `parent`', 'tasks: {a: {action: x.y, input: {u: <% ctx().st2.user %>, p: <% ctx(parent) %>}}}'],
  ['a version that is a text', 'version: "1.0"\ntasks: {a: {action: x.y}}'],
])('nothing is wrong with %s', async (_, text) => {
  expect(await problemsOf(text)).toEqual([]);
});

describe('the language', () => {
  const language = orquesta({ evaluator });
  const source = (text: string) => ({ file: 'w.yaml', text });
  const setting = (text: string) => ({
    source: source(text),
    input: {},
    runnerParameters: {},
    config: {},
    about: { execution: 'x1', action: 'p.w', pack: 'p', runner: 'orquesta', user: 'me', parent: 'x0' },
    state: undefined,
  });

  it('draws tasks and what leads from one to another', async () => {
    const { value, problems } = await language.examine(
      source(
        'tasks:\n  a:\n    action: x.y\n    next:\n      - {when: <% succeeded() %>, do: b}\n      - {when: <% failed() %>, do: fail}\n  b: {with: <% list() %>, action: x.z, join: all}',
      ),
    );
    expect(problems).toEqual([]);
    expect(value).toEqual({
      nodes: [
        { task: 'a', action: 'x.y', start: true, items: false, line: 2 },
        { task: 'b', action: 'x.z', start: false, items: true, join: 'all', line: 7 },
        { task: 'fail', start: false, items: false },
      ],
      edges: [
        { from: 'a', to: 'b', when: '<% succeeded() %>' },
        { from: 'a', to: 'fail', when: '<% failed() %>' },
      ],
    });
  });

  it('fails what has faults, with all of them in the result, and starts nothing', async () => {
    const conductor = await language.open(setting('tasks: {a: {action: x.y, input: {v: <% ctx(x) %>}}}'));
    expect(await conductor.begin()).toMatchObject({
      run: [],
      status: 'failed',
      result: { output: null, errors: [{ type: 'context', message: 'Variable "x" is referenced before assignment.' }] },
    });
  });

  it('names actions that there are not', async () => {
    const strict = orquesta({ evaluator, knowsAction: (ref) => ref === 'x.y' });
    const text = 'tasks:\n  a: {action: x.y}\n  b: {action: x.z}\n  c: {action: none}\n  d: {action: <% ctx(st2) %>}';
    const { problems } = await strict.examine(source(text));
    expect(problems.map(({ line, code, message }) => [line, code, message])).toEqual([
      [3, 'workflow/content', '`tasks.b.action`: There is no action "x.z".'],
      [4, 'workflow/content', '`tasks.c.action`: The action reference "none" is not formatted correctly.'],
    ]);
    expect((await (await strict.open(setting(text))).begin()).status).toBe('failed');
  });

  it('tells a workflow of its own execution', async () => {
    const conductor = await language.open(
      setting('tasks: {a: {action: x.y, input: {s: <% ctx(st2) %>, p: <% ctx(parent).parent.execution_id %>}}}'),
    );
    const { run } = await conductor.begin();
    expect(run[0]?.parameters).toEqual({
      s: {
        action_execution_id: 'x1',
        workflow_execution_id: 'x1',
        user: 'me',
        pack: 'p',
        action: 'p.w',
        runner: 'orquesta',
      },
      p: 'x0',
    });
  });
});
