import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTestPython, PYTHON_FOLDER, tempPack } from '../support/python.ts';

/** A virtualenv with nothing in it, whatever the machine's own Python has. */
let bare = '';
beforeAll(async () => {
  bare = await mkdtemp(path.join(os.tmpdir(), 'stormlet-bare-'));
  await execa(await findTestPython(), ['-m', 'venv', '--without-pip', bare]);
});
afterAll(() => rm(bare, { recursive: true, force: true }));

async function runTests(files: Readonly<Record<string, string>>, only: readonly string[] = []) {
  await using pack = await tempPack(files);
  const result = pack.file('result.json');
  const args = [path.join(PYTHON_FOLDER, 'test_wrapper.py'), '--folder', pack.path];
  const end = await execa(
    path.join(bare, 'bin', 'python'),
    [...args, ...(only.length > 0 ? ['--only', ...only] : [])],
    {
      env: { PATH: process.env.PATH ?? '', STORMLET_RESULT: result },
      extendEnv: false,
      reject: false,
      all: true,
    },
  );
  const counts = await readFile(result, 'utf8').catch(() => '{}');
  const { failures = [], ...rest } = JSON.parse(counts) as { failures?: { test: string; text: string }[] };
  return { exitCode: end.exitCode, printed: end.all, failures, ...rest };
}

const ACTION = `
from st2common.runners.base_action import Action


class Act(Action):
    def run(self, name):
        self.action_service.set_value("seen", name)
        return (True, {"greeting": self.config.get("word", "hello") + " " + name})
`;

/** Tests of one action, as Exchange packs write them. */
function actionTests(body: string): Record<string, string> {
  const head = 'import mock\nfrom st2tests.base import BaseActionTestCase\n\nfrom act import Act\n\n';
  const lines = body.trim().split('\n');
  return {
    'actions/act.py': ACTION,
    'tests/test_act.py': `${head}\nclass ActTestCase(BaseActionTestCase):\n    action_cls = Act\n\n${lines.map((line) => `    ${line}`).join('\n')}\n`,
  };
}

describe('BaseActionTestCase', () => {
  test('makes the action with the configuration that a test gives', async () => {
    const end = await runTests(
      actionTests(`
def test_run(self):
    self.assertEqual(self.get_action_instance(config={"word": "hi"}).run(name="Ada"), (True, {"greeting": "hi Ada"}))
    self.assertEqual(self.get_action_instance().run(name="Ada")[1], {"greeting": "hello Ada"})`),
    );
    expect(end).toMatchObject({ exitCode: 0, runner: 'unittest', passed: 1, failed: 0 });
  });

  test('has a datastore and a logger that a test can ask', async () => {
    const end = await runTests(
      actionTests(`
def test_run(self):
    action = self.get_action_instance()
    action.run(name="Ada")
    self.assertEqual(self.action_service.get_value("seen"), "Ada")
    self.assertEqual([pair.name for pair in self.action_service.list_values(local=False)], ["tests.Act:seen"])
    self.assertTrue(self.action_service.delete_value("seen"))
    self.assertFalse(self.action_service.delete_value("seen"))
    self.assertIsNone(self.action_service.get_value("seen"))
    self.action_service.get_logger("x").info("told")
    self.action_service.get_logger("x").info.assert_called_once_with("told")
    self.assertEqual(self.action_service.get_user_info()["username"], "admin")

def test_each_test_has_its_own(self):
    self.assertIsNone(self.action_service.get_value("seen"))`),
    );
    expect(end).toMatchObject({ exitCode: 0, passed: 2 });
  });

  test('also makes an action whose constructor takes no `action_service`', async () => {
    const files = actionTests(`
def test_run(self):
    self.assertTrue(self.get_action_instance(config={"a": 1}).run(name="x")[0])`);
    const takesConfig = '    def __init__(self, config):\n        super().__init__(config)\n\n    def run';
    files['actions/act.py'] = ACTION.replace('    def run', takesConfig);
    expect(await runTests(files)).toMatchObject({ exitCode: 0, passed: 1 });
  });

  test('tells an action of a configuration value that is not there as StackStorm does', async () => {
    const files = actionTests(`
def test_run(self):
    with self.assertRaisesRegex(ValueError, 'Config for pack "tests" is missing key "token"'):
        self.get_action_instance().config["token"]
    self.assertEqual(self.get_action_instance(config={"a": 1}).config, {"a": 1})
    self.assertIsNone(self.get_action_instance().config.get("token"))`);
    expect(await runTests(files)).toMatchObject({ exitCode: 0, passed: 1 });
  });

  test('lets `mock` patch what the action imports, and reads fixtures', async () => {
    const files = actionTests(`
@mock.patch("act.Act.run", mock.MagicMock(return_value="patched"))
def test_run(self):
    self.assertEqual(self.get_action_instance().run(name="x"), self.get_fixture_content("answer.txt"))`);
    expect(await runTests({ ...files, 'tests/fixtures/answer.txt': 'patched' })).toMatchObject({
      exitCode: 0,
      passed: 1,
    });
  });
});

const SENSOR = `
from st2reactor.sensor.base import PollingSensor


class Watch(PollingSensor):
    def setup(self):
        self._logger = self.sensor_service.get_logger(name=__name__)

    def poll(self):
        self._logger.debug("polling")
        self.sensor_service.dispatch(trigger="demo.seen", payload={"every": self._poll_interval})
        self.sensor_service.dispatch("demo.traced", {"a": 1}, trace_tag="tag")

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        pass

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass
`;

test('BaseSensorTestCase keeps what the sensor dispatches, and says what was there instead', async () => {
  const end = await runTests({
    'sensors/watch.py': SENSOR,
    'tests/test_watch.py': `
from st2tests.base import BaseSensorTestCase

from watch import Watch


class WatchTestCase(BaseSensorTestCase):
    sensor_cls = Watch

    def setUp(self):
        super(WatchTestCase, self).setUp()
        self.sensor = self.get_sensor_instance(config={"a": 1}, poll_interval=7)
        self.sensor.setup()
        self.assertEqual(self.get_dispatched_triggers(), [])
        self.sensor.poll()

    def test_dispatched(self):
        self.assertTriggerDispatched(trigger="demo.seen")
        self.assertTriggerDispatched(trigger="demo.seen", payload={"every": 7})
        self.assertTriggerDispatched(trigger="demo.traced", trace_context={"trace_tag": "tag"})
        self.assertEqual(self.get_last_dispatched_trigger()["trigger"], "demo.traced")
        self.assertEqual(len(self.get_dispatched_triggers()), 2)
        with self.assertRaises(AssertionError):
            self.assertTriggerDispatched(trigger="demo.seen", payload={"every": 8})

    def test_said(self):
        self.assertTriggerDispatched(trigger="demo.other")
`,
  });
  expect(end).toMatchObject({ exitCode: 1, passed: 1, failed: 1 });
  expect(end.failures[0]?.text).toContain("demo.seen {'every': 7}");
});

describe('BaseActionAliasTestCase', () => {
  /** What `extract_parameters` makes of a command. */
  async function extract(format: string, command: string): Promise<unknown> {
    const code = `import json, sys\nfrom st2tests.alias_format import extract_parameters\nprint(json.dumps(extract_parameters(*sys.argv[1:])))`;
    const env = { PYTHONPATH: path.join(PYTHON_FOLDER, 'st2') };
    const end = await execa(await findTestPython(), ['-c', code, format, command], { env, reject: false });
    return end.exitCode === 0 ? JSON.parse(end.stdout) : end.stderr.trim().split('\n').at(-1);
  }

  test.each<[string, string, object]>([
    ['run {{cmd}} on {{hosts}}', 'run date on a,b', { cmd: 'date', hosts: 'a,b' }],
    ['run {{ cmd }}', 'run "echo hi"', { cmd: 'echo hi' }],
    ['open {{repo}} {{ref=master}}', 'open x', { repo: 'x', ref: 'master' }],
    ['open {{repo}} {{ref=master}}', 'open x v1', { repo: 'x', ref: 'v1' }],
    ['make {{a}}( type {{kind}})? end {{b}}', 'make x end y z', { a: 'x', kind: null, b: 'y z' }],
    ['make {{a}}( type {{kind}})? end {{b}}', 'make x type k end y', { a: 'x', kind: 'k', b: 'y' }],
    ['run {{cmd}}', 'run date timeout=5 env="a b"', { cmd: 'date', timeout: '5', env: 'a b' }],
    ['run (now|later)', 'run later', {}],
  ])('%s of %s', async (format, command, values) => {
    expect(await extract(format, command)).toEqual(values);
  });

  test('a command that does not fit is told apart', async () => {
    expect(await extract('run {{cmd}}', 'walk there')).toMatch(/ParseException: .*walk there/);
  });

  test('finds the alias of its name, and compares what comes of a command', async () => {
    const alias =
      'name: run\naction_ref: demo.run\nformats:\n  - run {{cmd}}\n  - display: x\n    representation:\n      - "do {{cmd}} now"\n';
    const test_ = `
from st2tests.base import BaseActionAliasTestCase


class RunAlias(BaseActionAliasTestCase):
    action_alias_name = "run"

    def test_it(self):
        formats = self.action_alias_db.get_format_strings()
        self.assertEqual(formats, ["run {{cmd}}", "do {{cmd}} now"])
        self.assertExtractedParametersMatch(formats[1], "do date now", {"cmd": "date"})
        self.assertCommandMatchesExactlyOneFormatString(formats, "run date")
        with self.assertRaises(AssertionError):
            self.assertExtractedParametersMatch(formats[1], "do date now", {"cmd": "time"})
        with self.assertRaises(AssertionError):
            self.assertCommandMatchesExactlyOneFormatString(formats, "walk")
`;
    // What PyYAML would read of it, since this virtualenv has none.
    const yaml = `def safe_load(text):\n    return {"name": "run", "formats": ["run {{cmd}}", {"representation": ["do {{cmd}} now"]}]}\n`;
    const files = { 'aliases/run.yaml': alias, 'tests/test_run.py': test_, 'actions/lib/yaml.py': yaml };
    expect(await runTests(files)).toMatchObject({ exitCode: 0, passed: 1 });
  });
});

describe('the test runner', () => {
  const passing = 'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n';

  test('finds files by StackStorm’s rule, in folders and packages too', async () => {
    const end = await runTests({
      'tests/test_a.py': passing,
      'tests/b_test.py': passing,
      'tests/deep/test_c.py': passing,
      'tests/unit/__init__.py': '',
      'tests/unit/base.py': 'NAME = "base"\n',
      'tests/unit/test_d.py': `from .base import NAME\nassert NAME == "base"\n${passing}`,
      'tests/helper.py': 'raise RuntimeError("is no test")\n',
      'tests/fixtures/test_data.py': 'raise RuntimeError("is a fixture")\n',
    });
    expect(end).toMatchObject({ exitCode: 0, passed: 4, broken: 0 });
  });

  test('runs a class where it is defined, and not what others only extend', async () => {
    const end = await runTests({
      'tests/shared_test_case.py': `import unittest\n\n\nclass Shared(unittest.TestCase):\n    __test__ = False\n\n    def test_it(self):\n        self.assertTrue(self.right)\n`,
      'tests/test_a.py': `from shared_test_case import Shared\n\n\nclass A(Shared):\n    __test__ = True\n    right = True\n`,
    });
    expect(end).toMatchObject({ exitCode: 0, passed: 1, broken: 0 });
  });

  test('runs two files of one name in two folders', async () => {
    const end = await runTests({ 'tests/one/test_same.py': passing, 'tests/two/test_same.py': passing });
    expect(end).toMatchObject({ exitCode: 0, passed: 2 });
  });

  test('counts a file that cannot be imported as one broken test, and runs the others', async () => {
    const end = await runTests({ 'tests/test_a.py': 'import no_such_module\n', 'tests/test_b.py': passing });
    expect(end).toMatchObject({ exitCode: 1, passed: 1, broken: 1 });
    expect(end.failures[0]?.test).toMatch(/test_a\.py$/);
    expect(end.failures[0]?.text).toContain('no_such_module');
  });

  test('runs plain functions, counts skipped tests, and takes a part of a name', async () => {
    const code = `import unittest\n\n\ndef test_plain():\n    assert True\n\n\n@unittest.skip("not now")\nclass S(unittest.TestCase):\n    def test_skipped(self):\n        pass\n`;
    expect(await runTests({ 'tests/test_a.py': code })).toMatchObject({ exitCode: 0, passed: 1, skipped: 1 });
    expect(await runTests({ 'tests/test_a.py': code }, ['plain'])).toMatchObject({ passed: 1, skipped: 0 });
  });

  test('exits with 5 where there is nothing to run, so that a check that checks nothing is seen', async () => {
    expect(await runTests({ 'tests/helper.py': '' })).toMatchObject({ exitCode: 5, passed: 0 });
  });

  test('finds shared code of the pack, and `unittest2`', async () => {
    const end = await runTests({
      'actions/lib/__init__.py': '',
      'actions/lib/shared.py': 'WORD = "shared"\n',
      'etc/settings.py': 'X = 1\n',
      'tests/test_a.py': `import unittest2\nimport settings\nfrom lib.shared import WORD\nimport shared\n\n\nclass T(unittest2.TestCase):\n    def test_it(self):\n        self.assertEqual(WORD, shared.WORD)\n`,
    });
    expect(end).toMatchObject({ exitCode: 0, passed: 1 });
  });
});
