import { expect, test } from 'vitest';
import { runWrapper, tempPack } from '../support/python.ts';

const ACTION =
  'class Act:\n    def run(self, **given):\n        print("no newline", end="")\n        return [given, self.config]\n';
const SENSOR = `
from st2reactor.sensor.base import Sensor

class Watch(Sensor):
    def setup(self): pass
    def run(self): self.sensor_service.dispatch('demo.seen', {'config': self.config})
    def cleanup(self): pass
    def add_trigger(self, trigger): pass
    def update_trigger(self, trigger): pass
    def remove_trigger(self, trigger): pass

class Half(Sensor):
    def setup(self): pass
    def cleanup(self): pass
`;
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

test('an action prints its result as the last line of stdout', async () => {
  await using pack = await tempPack({ 'actions/act.py': ACTION });
  const given = ['--parameters', '{"n": 1}', '--config={"a": [2]}', '--action', 'demo.act', '--user', 'ada'];
  const end = await runWrapper('python_action_wrapper.py', [
    '--pack',
    'demo',
    '--file-path',
    pack.file('actions/act.py'),
    ...given,
  ]);
  expect(lastLine(end.stdout)).toEqual({ status: null, result: [{ n: 1 }, { a: [2] }] });
  expect(end.stdout.startsWith('no newline\n')).toBe(true);
  expect(end.exitCode).toBe(0);
});

test('an action reads what a person types', async () => {
  await using pack = await tempPack({ 'actions/act.py': 'class Act:\n    def run(self):\n        return input()\n' });
  const args = ['--pack', 'demo', '--file-path', pack.file('actions/act.py')];
  expect(lastLine((await runWrapper('python_action_wrapper.py', args, { input: 'typed\n' })).stdout).result).toBe(
    'typed',
  );
});

test('a sensor prints its events as lines of JSON', async () => {
  await using pack = await tempPack({ 'sensors/watch.py': SENSOR, 'config.json': '{"key": "value"}' });
  const config = ['--config-file', pack.file('config.json'), '--trigger-type-refs', 'demo.seen'];
  const end = await runWrapper('sensor_wrapper.py', [
    '--pack',
    'demo',
    '--file-path',
    pack.file('sensors/watch.py'),
    '--class-name',
    'Watch',
    ...config,
  ]);
  expect(lastLine(end.stdout)).toEqual({
    trigger: 'demo.seen',
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    payload: { config: { key: 'value' } },
    trace_tag: null,
    occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  expect(end.exitCode).toBe(0);
});

test('a configuration in YAML is read with the PyYAML that is there, and asked for in JSON where there is none', async () => {
  await using pack = await tempPack({
    'actions/act.py': ACTION,
    'config.yaml': 'host: localhost\n',
    'base/yaml.py': FAKE_YAML,
  });
  const args = [
    '--pack',
    'demo',
    '--file-path',
    pack.file('actions/act.py'),
    '--config-file',
    pack.file('config.yaml'),
  ];
  const base = ['--base-site-packages', pack.file('base')];
  const read = await runWrapper('python_action_wrapper.py', [...args, ...base]);
  expect(lastLine(read.stdout).result[1]).toHaveProperty('host');
  await using without = await tempPack({ 'yaml/__init__.py': 'raise ImportError("none")' });
  const unread = await runWrapper('python_action_wrapper.py', args, { env: { PYTHONPATH: without.path } });
  expect(unread).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('has no PyYAML to read it\nhint: write it as JSON'),
  });
});
/** Stands for an environment with PyYAML; the machine's own, where it has one, comes first and reads the file as well. */
const FAKE_YAML = 'class YAMLError(Exception): pass\ndef safe_load(text): return dict([text.strip().split(": ")])\n';

const MISUSES: readonly (readonly [
  string,
  'sensor_wrapper.py' | 'python_action_wrapper.py',
  readonly string[],
  RegExp,
])[] = [
  [
    'an unknown option',
    'python_action_wrapper.py',
    ['--pak', 'demo'],
    /`--pak` is no option\nhint: options are --pack VALUE/,
  ],
  ['a missing option', 'python_action_wrapper.py', ['--pack', 'demo'], /`--file-path` is missing\nhint: options are /],
  ['an option without a value', 'python_action_wrapper.py', ['--pack', '--file-path', 'x'], /`--pack` needs a value/],
  [
    'a missing file',
    'python_action_wrapper.py',
    ['--pack', 'demo', '--file-path', '/no/act.py'],
    /no file `\/no\/act\.py`\nhint: check `entry_point`/,
  ],
  [
    'a file without an action',
    'python_action_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/actions/none.py'],
    /none\.py` has no action class\nhint: `run` is missing in `Idle`/,
  ],
  [
    'parameters that are no JSON',
    'python_action_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/actions/none.py', '--parameters', 'a=1'],
    /`--parameters` is no JSON: Expecting value/,
  ],
  [
    'parameters that are no object',
    'python_action_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/actions/none.py', '--parameters', '[1]'],
    /`--parameters` is JSON, but no object/,
  ],
  [
    'a set-up that is no JSON',
    'python_action_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/actions/none.py', '--setup-from-stdin'],
    /stdin is no JSON/,
  ],
  [
    'a class that is not there',
    'sensor_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/sensors/watch.py', '--class-name', 'Wach'],
    /no class `Wach`\nhint: its classes are: `Sensor`, `Watch`, `Half`/,
  ],
  [
    'a class that lacks methods',
    'sensor_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/sensors/watch.py', '--class-name', 'Half'],
    /sensor class `Half` in `.*` lacks `run`, `add_trigger`, `update_trigger`, `remove_trigger`\nhint: /,
  ],
  [
    'a poll interval of no length',
    'sensor_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/sensors/watch.py', '--class-name', 'Watch', '--poll-interval', '0'],
    /`--poll-interval` is `0`/,
  ],
  [
    'a bus that is none',
    'sensor_wrapper.py',
    ['--pack', 'demo', '--file-path', '$/sensors/watch.py', '--class-name', 'Watch', '--bus-url', 'http://x'],
    /`--bus-url` is no `mqtt:\/\/` address\nhint: write `mqtt:/,
  ],
];

test.each(MISUSES)('%s is told in one line with a hint, and ends with 2', async (_what, wrapper, args, message) => {
  await using pack = await tempPack({ 'actions/none.py': 'class Idle:\n    pass\n', 'sensors/watch.py': SENSOR });
  const end = await runWrapper(
    wrapper,
    args.map((argument) => argument.replace('$', pack.path)),
  );
  expect(end.stderr).toMatch(message);
  expect(end.stderr).toMatch(/^stormlet: [^\n]+\nhint: [^\n]+\n$/);
  expect(end).toMatchObject({ exitCode: 2, stdout: '' });
});
