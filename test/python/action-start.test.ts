import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findTestPython, runAction, runWrapper, tempPack } from '../support/python.ts';

const act = (body: string, head = '') => `${head}
from st2common.runners.base_action import Action

class Act(Action):
    def run(self, **given):
        ${body}
`;
const result = async (...args: Parameters<typeof runAction>) => {
  const end = await runAction(...args);
  return end.answer ? end.answer.result : end.stderr;
};

test('`run` gets all parameters, null ones too', async () => {
  const parameters = { a: null, b: [1], 'with space': 'ä\u2028😀', big: 'x'.repeat(300_000) };
  expect(await result(act('return given'), { parameters })).toEqual(parameters);
});

test('the first class by name that can run is the action', async () => {
  const source = `
from st2common.runners.base_action import Action
from lib.imported import AAA

class ABase(Action):
    pass

class AHelper:
    value = 1

class Zed(ABase):
    def run(self):
        return "Zed"

class Middle(ABase):
    def run(self):
        return "Middle"
`;
  const files = { 'actions/lib/imported.py': 'class AAA:\n    def run(self):\n        return "imported"\n' };
  expect(await result(source, { files })).toBe('Middle');
});

test('a class without a base, and one of the old module, are actions as well', async () => {
  expect(
    await result('class Act:\n    def run(self, x):\n        return [x, self.config["k"]]\n', {
      parameters: { x: 1 },
      config: { k: 2 },
    }),
  ).toEqual([1, 2]);
  const old =
    'from st2actions.runners import pythonrunner\nclass Act(pythonrunner.Action):\n    def run(self):\n        return 1\n';
  expect(await result(old)).toBe(1);
});

test('a constructor that takes only `config` gets the service afterwards', async () => {
  const source = `
from st2common.runners.base_action import Action

class Act(Action):
    def __init__(self, config):
        super().__init__(config)
        self.early = self.action_service

    def run(self):
        return [self.early is None, self.action_service.get_user_info()["username"], self.config["a"]]
`;
  const given = { config: { a: 1 }, context: { user: 'ada' } };
  expect(await result(source, given)).toEqual([true, 'ada', 1]);
});

test('a TypeError inside a constructor is not taken for one about the service', async () => {
  const source =
    'class Act:\n    def __init__(self, config, action_service):\n        len(5)\n    def run(self):\n        pass\n';
  expect(await result(source)).toContain("object of type 'int' has no len()");
});

test('a configuration value that is missing says what to set and where', async () => {
  const { exitCode, stderr } = await runAction(act('return self.config["token"]'));
  expect(exitCode).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
    /MissingConfigValue: pack `demo` needs the configuration value `token`, which is not set: set it in `configs\/demo\.yaml`$/,
  );
  const body = [
    'seen = [self.config.get("token"), "token" in self.config]',
    'for kind in (ValueError, KeyError):',
    '    try: self.config["token"]',
    '    except kind: seen.append(kind.__name__)',
    'return seen',
  ].join('\n        ');
  expect(await result(act(body))).toEqual([null, false, 'ValueError', 'KeyError']);
});

test('the logger writes to stderr, from its level on', async () => {
  const body = 'self.logger.info("hello"); self.logger.error("bad"); return self.logger.name';
  const all = await runAction(act(body));
  expect(all.answer?.result).toBe('actions.python.Act');
  expect(all.stderr).toBe('actions.python.Act: INFO     hello\nactions.python.Act: ERROR    bad\n');
  const some = await runAction(act(body), { context: { log_level: 'WARNING' } });
  expect(some.stderr).toBe('actions.python.Act: ERROR    bad\n');
});

test('nothing costly is imported that the action did not ask for', async () => {
  // What the machine's own site-packages import at every start (.pth files) is not ours to avoid.
  const bare = await execa(await findTestPython(), ['-c', 'import sys; print(*sys.modules)']);
  const imported = (await result(act('return sorted(sys.modules)', 'import sys'))) as string[];
  const ours = imported.filter((name) => !bare.stdout.split(' ').includes(name));
  expect(ours).toContain('stormlet.run_action');
  const costly = ['json', 're', 'typing', 'logging', 'argparse', 'socket', 'sqlite3', 'threading', 'uuid', 'traceback'];
  expect(ours.filter((name) => costly.includes(name))).toEqual([]);
});

test('an action may set a logger of its own', async () => {
  expect(await result(act('self.logger = "mine"; return self.logger'))).toBe('mine');
});

test.each(['json', 'time', 'typing', 'logging', 'requests', 'stormlet'])(
  'an action called %s.py hides no module, and the standard library hides it not',
  async (name) => {
    const files = {
      'actions/random.py': 'raise RuntimeError("shadowed")',
      'actions/sqlite3.py': 'raise RuntimeError("shadowed")',
    };
    const body =
      'import json, time, random, sqlite3, logging, typing; return [json.loads("1"), __name__, hasattr(time, "sleep")]';
    expect(await result(act(body), { file: `actions/${name}.py`, files })).toEqual([1, `demo/actions.${name}`, true]);
  },
);

test('modules of a pack that are called like ours are found', async () => {
  const files = {
    'actions/protocol.py': 'mine = 1',
    'actions/lib/datastore.py': 'mine = 2',
    'lib/events.py': 'mine = 3',
  };
  const head = 'import protocol, datastore, events';
  expect(await result(act('return [protocol.mine, datastore.mine, events.mine]', head), { files })).toEqual([1, 2, 3]);
});

test('a pack imports its shared modules in every way that packs do', async () => {
  const files = {
    'actions/lib/__init__.py': '',
    'actions/lib/base.py': 'value = "lib.base"',
    'actions/deep/near.py': 'from .nearer import value',
    'actions/deep/nearer.py': 'value = "nearer"',
    'lib/common_thing.py': 'value = "pack lib"',
  };
  const head =
    'from lib.base import value as a\nimport base\nfrom .near import value as b\nimport near2\nimport common_thing';
  const more = { ...files, 'actions/deep/near2.py': 'value = "sibling"' };
  const body = 'return [a, base.value, b, near2.value, common_thing.value]';
  const expected = ['lib.base', 'lib.base', 'nearer', 'sibling', 'pack lib'];
  expect(await result(act(body, head), { files: more, file: 'actions/deep/act.py' })).toEqual(expected);
});

test('what a pack has comes before the base environment', async () => {
  await using base = await tempPack({ 'both.py': 'who = "base"', 'only.py': 'who = "base"' });
  const args = ['--base-site-packages', base.path];
  const files = { 'actions/lib/both.py': 'who = "pack"' };
  expect(await result(act('return [both.who, only.who]', 'import both, only'), { files, args })).toEqual([
    'pack',
    'base',
  ]);
});

test('an action sees itself as a program: arguments, name, an empty stdin, and no set-up variables', async () => {
  const body = [
    'child = subprocess.run([sys.executable, "-c", "import sys; print(repr(sys.stdin.read()))"], stdout=subprocess.PIPE)',
    'return {"argv": [os.path.basename(a) for a in sys.argv], "file": os.path.basename(__file__), "stdin": sys.stdin.read(),',
    '    "child": child.stdout.decode().strip(), "ours": [k for k in os.environ if k in ("STORMLET_RESULT", "STORMLET_DATASTORE")],',
    '    "pack": os.environ["ST2_ACTION_PACK_NAME"], "execution": os.environ["ST2_ACTION_EXECUTION_ID"],',
    '    "source": inspect.getsource(type(self)).splitlines()[0]}',
  ].join('\n        ');
  const end = await runAction(act(body, 'import inspect, os, subprocess, sys'), {
    context: { execution_id: 'e-1' },
    env: { STORMLET_DATASTORE: '/nowhere' },
  });
  expect(end.answer?.result).toEqual({
    argv: ['act.py'],
    file: 'act.py',
    stdin: '',
    child: "''",
    ours: [],
    pack: 'demo',
    execution: 'e-1',
    source: 'class Act(Action):',
  });
});

test('an edited action runs as edited, though its size and its time stay the same', async () => {
  const source = (word: string) => `class Act:\n    def run(self):\n        return "${word}"\n`;
  await using pack = await tempPack({});
  for (const word of ['one', 'two']) {
    await mkdir(pack.file('actions'), { recursive: true });
    await writeFile(pack.file('actions/act.py'), source(word));
    await utimes(pack.file('actions/act.py'), 1_000_000, 1_000_000);
    const end = await runWrapper('python_action_wrapper.py', [
      '--pack',
      'demo',
      '--file-path',
      pack.file('actions/act.py'),
    ]);
    expect(JSON.parse(end.stdout)).toEqual({ status: null, result: word });
  }
});
