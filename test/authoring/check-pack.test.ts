import path from 'node:path';
import { expect, test } from 'vitest';
import { checkPacks, hasErrors } from '../../main/authoring/check-pack.ts';
import { tempPack } from '../support/python.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { testWorkbench } from '../support/test-workbench.ts';

const MANIFEST = 'name: demo\nversion: 1.0.0\nauthor: Tester\n';

/** `FILE:LINE severity message` of every problem, and the features that are missing. */
async function check(files: Readonly<Record<string, string>>) {
  await using home = await tempFolder();
  await using pack = await tempPack({ 'pack.yaml': MANIFEST, ...files });
  const [report] = await checkPacks(await testWorkbench(home.path), [pack.path], new AbortController().signal);
  if (!report) throw new Error('no report');
  const inPack = (file: string | undefined) => path.relative(pack.path, file ?? '');
  return {
    failed: hasErrors(report),
    problems: report.problems.map((each) => `${inPack(each.file)}:${each.line} ${each.severity} ${each.message}`),
    missing: report.missing.map(({ feature, uses }) => [
      feature,
      ...uses.map((use) => `${inPack(use.file)}:${use.line}`),
    ]),
  };
}

function action(more: string): string {
  return `name: act\nrunner_type: python-script\n${more}\n`;
}

function rule(trigger: string, ref: string): string {
  return `name: r\ntrigger:\n  type: ${trigger}\naction:\n  ref: ${ref}\n`;
}

const SENSOR = 'class_name: Watch\nentry_point: watch.py\ntrigger_types:\n  - name: seen\n';
const RUNS = 'class Act:\n    def run(self):\n        pass\n';

test('Python that does not compile is an error at its line', async () => {
  const { problems, failed } = await check({
    'actions/act.yaml': action('entry_point: act.py'),
    'actions/act.py': 'class Act:\n    def run(self)\n        pass\n',
  });
  expect(problems).toEqual([expect.stringMatching(/^actions\/act\.py:2 error SyntaxError: /)]);
  expect(failed).toBe(true);
});

test('what only the compiler refuses is found as well, and no code is run', async () => {
  const { problems } = await check({
    'actions/act.yaml': action('entry_point: act.py'),
    'actions/act.py': `raise SystemExit("run")\n${RUNS}return 1\n`,
  });
  expect(problems).toEqual([expect.stringMatching(/^actions\/act\.py:5 error SyntaxError: /)]);
});

test('a broken file that no metadata names is a warning', async () => {
  const { problems, failed } = await check({ 'actions/lib/old.py': 'print "two"\n' });
  expect(problems).toEqual([expect.stringMatching(/^actions\/lib\/old\.py:1 warning SyntaxError: /)]);
  expect(failed).toBe(false);
});

test('a sensor’s class has to be in its file', async () => {
  const { problems } = await check({ 'sensors/watch.yaml': SENSOR, 'sensors/watch.py': 'class Watcher:\n    pass\n' });
  expect(problems).toEqual([expect.stringMatching(/^sensors\/watch\.yaml:1 error .*watch\.py` has no class `Watch`$/)]);
});

test.each([
  ['defined', 'class Watch:\n    pass\n'],
  ['imported', 'from lib.watching import Watch\n'],
  ['assigned in a `try`', 'try:\n    import fast\n    Watch = fast.Watch\nexcept ImportError:\n    Watch = None\n'],
  ['brought by a star import', 'from lib.watching import *\n'],
])('a sensor’s class may be %s', async (_how, code) => {
  expect((await check({ 'sensors/watch.yaml': SENSOR, 'sensors/watch.py': code })).problems).toEqual([]);
});

test.each([
  ['no class', 'def run():\n    pass\n', 'actions/act.yaml:3'],
  [
    'a class without `run`',
    'from st2common.runners.base_action import Action\nclass Act(Action):\n    pass\n',
    'actions/act.py:2',
  ],
])('an action file with %s is an error', async (_what, code, place) => {
  const { problems } = await check({ 'actions/act.yaml': action('entry_point: act.py'), 'actions/act.py': code });
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${place} error `))]);
});

test('an action class may have `run` from a base class in another file', async () => {
  const { problems } = await check({
    'actions/act.yaml': action('entry_point: act.py'),
    'actions/act.py': 'from lib.base import Base\nclass Act(Base):\n    pass\n',
  });
  expect(problems).toEqual([]);
});

test('a rule on another pack’s trigger or action is a warning, on the pack’s own an error', async () => {
  const { problems } = await check({
    'sensors/watch.yaml': SENSOR,
    'sensors/watch.py': 'class Watch:\n    pass\n',
    'rules/elsewhere.yaml': rule('other.thing', 'another.act'),
    'rules/own.yaml': rule('demo.sene', 'core.noop').replace('name: r', 'name: own'),
  });
  expect(problems).toEqual([
    'rules/elsewhere.yaml:3 warning unknown trigger type: `other.thing`',
    'rules/elsewhere.yaml:5 warning unknown action: `another.act`',
    'rules/own.yaml:3 error unknown trigger type: `demo.sene`',
  ]);
});

test('packs that are given together know each other', async () => {
  await using home = await tempFolder();
  await using one = await tempPack({ 'rules/r.yaml': rule('two.thing', 'core.noop') }, 'one');
  await using two = await tempPack({ 'triggers/thing.yaml': 'name: thing\n' }, 'two');
  const bench = await testWorkbench(home.path);
  const together = await checkPacks(bench, [one.path, two.path], new AbortController().signal);
  expect(together.flatMap(({ problems }) => problems)).toEqual([]);
  const [alone] = await checkPacks(bench, [one.path], new AbortController().signal);
  expect(alone?.problems).toHaveLength(1);
});

test('what is wrong with a workflow is told with its file and line', async () => {
  const { problems, missing } = await check({
    'actions/flow.yaml': 'name: flow\nrunner_type: action-chain\nentry_point: chains/flow.yaml\n',
    'actions/chains/flow.yaml':
      'chain:\n  - name: a\n    ref: core.noop\n    on-success: b\n  - name: bb\n    ref: core.nop\n',
    'actions/fine.yaml': 'name: fine\nrunner_type: action-chain\nentry_point: chains/fine.yaml\n',
    'actions/chains/fine.yaml':
      'chain:\n  - name: a\n    ref: core.nop\n    on-success: b\n  - {name: b, ref: away.act}\n',
  });
  const orquesta = await check({
    'actions/flow.yaml': 'name: flow\nrunner_type: orquesta\nentry_point: workflows/flow.yaml\n',
    'actions/workflows/flow.yaml':
      'version: 1.0\ntasks:\n  a:\n    action: core.echo message=<% ctx(nobody) %>\n    next:\n      - do: b\n',
  });
  expect(orquesta.problems).toEqual([
    expect.stringMatching(/^actions\/workflows\/flow.yaml:\d error .*"nobody" is referenced before assignment/),
    expect.stringMatching(/^actions\/workflows\/flow.yaml:\d error .*`?"?b"?`?/),
  ]);
  expect(problems).toEqual([
    'actions/chains/fine.yaml:2 warning the pack `core` has no action `core.nop`',
    'actions/chains/flow.yaml:4 error `on-success` of `a` names `b`, and no task is called that',
  ]);
  expect(missing).toEqual([]);
});

test('what of StackStorm is missing is one list, with the places that use it', async () => {
  const { missing, problems } = await check({
    'actions/a.yaml': 'name: a\nrunner_type: winrm-cmd\n',
    'actions/b.yaml': 'name: b\ndescription: x\nrunner_type: winrm-cmd\n',
    'actions/act.yaml': action('entry_point: act.py'),
    'actions/act.py': `from st2common.persistence.execution import ActionExecution\n${RUNS}`,
    'rules/r.yaml': rule('core.st2.no_such_thing', 'core.noop'),
  });
  expect(missing).toEqual([
    ['runner `winrm-cmd`', 'actions/a.yaml:2', 'actions/b.yaml:3'],
    ['trigger type `core.st2.no_such_thing`', 'rules/r.yaml:3'],
    ['Python module `st2common.persistence.execution`', 'actions/act.py:1'],
  ]);
  expect(problems).toEqual([]);
});

test('a module that is only tried for is not missing', async () => {
  const code = `try:\n    import st2common.persistence\nexcept ImportError:\n    pass\n${RUNS}`;
  const { missing } = await check({ 'actions/act.yaml': action('entry_point: act.py'), 'actions/act.py': code });
  expect(missing).toEqual([]);
});

test('a value that only a person’s configuration can have is no problem of the pack', async () => {
  const { problems } = await check({ 'config.schema.yaml': 'token:\n  type: string\n  required: true\n' });
  expect(problems).toEqual([]);
});

test('a folder that is not there is said to be so', async () => {
  await using home = await tempFolder();
  const checking = checkPacks(await testWorkbench(home.path), ['/no/such/pack'], new AbortController().signal);
  await expect(checking).rejects.toMatchObject({ code: 'pack/not-found' });
});
