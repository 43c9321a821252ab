import { expect, test } from 'vitest';
import { readChain } from '../../../main/workflows/action-chain/chain-file.ts';
import { chainGraph } from '../../../main/workflows/action-chain/chain-graph.ts';

const read = (text: string) => readChain({ file: 'c.yaml', text });

test('a chain begins with its `default`, else with the first task that none leads to, else with the first', () => {
  const tasks = (...links: string[]) => links.map((link) => `  - {${link}}`).join('\n');
  const a = 'name: a, ref: core.noop, on-success: b';
  const b = 'name: b, ref: core.noop, on-failure: a';
  const c = 'name: c, ref: core.noop, on-success: a';
  expect(read(`chain:\n${tasks(a, b, c)}`).value?.start).toBe('c');
  expect(read(`chain:\n${tasks(a, b)}`).value?.start).toBe('a');
  expect(read(`default: b\nchain:\n${tasks(a, b)}`).value?.start).toBe('b');
  expect(read('chain: []').value?.start).toBeUndefined();
});

test('`params` is the older name of `parameters`, and empty keys are none', () => {
  const { value, problems } = read(
    'chain:\n  - name: a\n    ref: core.echo\n    params: {x: 1, y: 1}\n    parameters: {y: 2}\n    on-success: ""\n    publish:\n',
  );
  expect(problems).toEqual([]);
  expect(value?.tasks).toEqual([{ name: 'a', ref: 'core.echo', parameters: { x: 1, y: 2 }, publish: {}, line: 2 }]);
});

test.each([
  ['- a', 1, 'an action chain must be a map with the key `chain`'],
  ['vars: {}', 1, '`chain` must be a list of tasks'],
  ['chain:\n  - ref: core.noop', 2, 'a task needs a `name`'],
  ['chain:\n  - name: a', 2, 'the task `a` needs a `ref`, the action that it runs'],
  ['chain:\n  - name: a\n    ref: 5', 3, '`ref` must be text; put it in quotes'],
  ['chain:\n  - name: a\n    ref: core.noop\n    publish: x', 4, '`publish` must be a map'],
  [
    'chain:\n  - name: a\n    ref: core.noop\n    on-success: aa',
    4,
    '`on-success` of `a` names `aa`, and no task is called that',
  ],
  ['default: b\nchain:\n  - name: a\n    ref: core.noop', 1, '`default` names `b`, and no task is called that'],
  ['chain: [', 1, expect.stringContaining('not valid YAML')],
])('%j is refused with its line', (text, line, message) => {
  const { value, problems } = read(text);
  expect(value).toBeUndefined();
  expect(problems[0]).toMatchObject({ severity: 'error', file: 'c.yaml', line, message });
});

test('an unknown key and a name used twice are warnings', () => {
  const { value, problems } = read(
    'chain:\n  - {name: a, ref: core.noop, on-sucess: a}\n  - {name: a, ref: core.echo}\nversion: 1',
  );
  expect(value?.tasks).toHaveLength(2);
  expect(problems).toMatchObject([
    { severity: 'warning', line: 4, message: 'unknown key: `version`' },
    { severity: 'warning', line: 2, message: 'unknown key: `on-sucess`', hint: 'did you mean `on-success`?' },
    { severity: 'warning', line: 3, message: 'a second task is called `a`; only the first one ever runs' },
  ]);
});

test('its picture has a node for each task and an edge for each way on', () => {
  const { value } = read(
    'chain:\n  - {name: a, ref: core.noop, on-success: b, on-failure: c}\n  - {name: b, ref: core.noop}\n  - {name: c, ref: core.noop}',
  );
  expect(value && chainGraph(value)).toEqual({
    nodes: [
      { task: 'a', action: 'core.noop', start: true, items: false, line: 2 },
      { task: 'b', action: 'core.noop', start: false, items: false, line: 3 },
      { task: 'c', action: 'core.noop', start: false, items: false, line: 4 },
    ],
    edges: [
      { from: 'a', to: 'b', when: 'on-success' },
      { from: 'a', to: 'c', when: 'on-failure' },
    ],
  });
});
