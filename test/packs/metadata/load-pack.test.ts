import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Problem } from '../../../main/contract/errors.ts';
import { loadPack, PackCaches } from '../../../main/packs/metadata/load-pack.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { packYaml, writeFiles } from '../pack-stage.ts';

async function packOf(files: Readonly<Record<string, string>>, config?: string) {
  const home = await tempFolder();
  const folder = await writeFiles(path.join(home.path, 'demo'), { 'pack.yaml': packYaml('demo'), ...files });
  if (config !== undefined) await writeFiles(home.path, { 'demo.yaml': config });
  const caches = new PackCaches();
  return {
    folder,
    load: () => loadPack(folder, 'installed', home.path, caches),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** `file:line message` with the path inside the pack. */
function places(folder: string, problems: readonly Problem[]): string[] {
  return problems.map(({ file = '', line, severity, message }) => {
    return `${severity} ${path.relative(folder, file)}:${line ?? '?'} ${message.replaceAll('`', '')}`;
  });
}

const ACTION = 'name: run\nrunner_type: python-script\nentry_point: run.py\n';

test('actions, sensors, triggers and rules are read from YAML and JSON', async () => {
  await using pack = await packOf({
    'actions/run.yaml': `${ACTION}parameters:\n  who: {type: string, required: true, position: 0}\ntags: [{name: a, value: b}, c]\n`,
    'actions/run.py': '',
    'actions/other.json': '{"name": "st2.kv.get", "runner_type": "noop", "enabled": false}',
    'sensors/s.yaml':
      'class_name: Watch\nentry_point: s.py\npoll_interval: 5\ntrigger_types:\n  - name: seen\n    payload_info: [old]\n    payload_schema: {type: object}\n',
    'sensors/s.py': '',
    'triggers/t.yaml': 'name: told\ndescription: d\npack: demo\n',
    'rules/r.yaml': 'name: r\ntrigger: {type: demo.seen}\naction: {ref: core.echo}\n',
    'requirements.txt': '# comment\nhumanize==4.9.0  # why\n\n',
  });
  const loaded = await pack.load();
  expect(loaded.problems).toEqual([]);
  expect(loaded.actions.map(({ ref, enabled, tags }) => [ref, enabled, tags])).toEqual([
    ['demo.st2.kv.get', false, []],
    ['demo.run', true, ['a=b', 'c']],
  ]);
  expect(loaded.sensors).toMatchObject([{ ref: 'demo.Watch', pollInterval: 5, triggerTypes: ['demo.seen'] }]);
  expect(loaded.triggerTypes.map(({ ref }) => ref)).toEqual(['demo.told', 'demo.seen']);
  expect(loaded.rules[0]?.definition).toMatchObject({
    ref: 'demo.r',
    enabled: false,
    type: 'standard',
    origin: 'pack',
  });
  expect(loaded.requirements).toEqual(['humanize==4.9.0']);
});

test('each bad file is told with file and line, and none stops the others', async () => {
  await using pack = await packOf({
    'actions/a_broken.yaml': 'name: x\nfoo: "\n',
    'actions/b_norunner.yaml': 'name: x\n',
    'actions/c_gone.yaml': 'name: gone\nrunner_type: python-script\nentry_point: sub/gone.py\n',
    'actions/d_other_pack.yaml': 'name: x\nrunner_type: noop\npack: other\n',
    'actions/e_list.json': '[1]',
    'actions/f_outside.yaml': 'name: out\nrunner_type: local-shell-script\nentry_point: ../../x.sh\n',
    'actions/g_ok.yaml': 'name: ok\nrunner_type: noop\n',
    'actions/h_same.yaml': '# the second\nname: ok\nrunner_type: noop\n',
    'actions/i_old.yml': 'name: i\nrunner_type: noop\n',
    'actions/j_enabled.yaml': 'name: j\nrunner_type: noop\nenabled: "perhaps"\n',
    'sensors/s.yaml': 'class_name: Gone\nentry_point: gone.py\ntrigger_types: [{name: seen}]\n',
    'sensors/t.yaml': 'entry_point: s.yaml\npoll_interval: 0\ntrigger_types: [{}]\n',
    'triggers/t.yaml': 'name: t\npack: other\n',
  });
  const loaded = await pack.load();
  expect(loaded.actions.map(({ ref }) => ref)).toEqual(['demo.ok']);
  expect(loaded.sensors).toEqual([]);
  expect(loaded.triggerTypes.map(({ ref }) => ref)).toEqual(['demo.seen']);
  expect(places(pack.folder, loaded.problems)).toEqual([
    expect.stringMatching(
      /^error triggers\/t\.yaml:2 pack of the trigger type t is other, but the file belongs to demo/,
    ),
    'error sensors/s.yaml:2 entry_point names a file that does not exist: sensors/gone.py',
    'error sensors/t.yaml:1 class_name is missing',
    'error sensors/t.yaml:2 poll_interval must be a number of seconds above 0',
    'error sensors/t.yaml:3 a trigger type needs a name',
    expect.stringMatching(/^error actions\/a_broken\.yaml:3 not valid YAML: Missing closing/),
    'error actions/b_norunner.yaml:1 runner_type is missing',
    'error actions/c_gone.yaml:3 entry_point names a file that does not exist: actions/sub/gone.py',
    'error actions/d_other_pack.yaml:3 pack is other, but the file belongs to demo',
    'error actions/e_list.json:1 must be a map of keys',
    'error actions/f_outside.yaml:3 entry_point leads out of the pack: ../../x.sh',
    expect.stringMatching(/^error actions\/h_same\.yaml:2 demo\.ok is already there, from .*g_ok\.yaml$/),
    'error actions/j_enabled.yaml:3 enabled must be true or false, got perhaps',
    'warning actions/i_old.yml:? files ending in .yml are not read',
  ]);
});

test('an ill-typed attribute of a parameter is told with its line, and the rest of it counts', async () => {
  await using pack = await packOf({
    'actions/run.py': '',
    'actions/run.yaml': `${ACTION}parameters:\n  a:\n    type: strng\n    required: true\n  b:\n    items:\n      type: [string, 5]\n    secret: true\n    position: "1"\n  c: 5\n  d:\n  e: {type: integer, default: "1"}\n  f: {type: integer, default: "{{ st2kv.system.x }}"}\nextra: 1\n`,
  });
  const loaded = await pack.load();
  expect(loaded.actions[0]?.parameters).toEqual({
    a: { required: true },
    b: { secret: true },
    c: {},
    d: {},
    e: { type: 'integer', default: '1' },
    f: { type: 'integer', default: '{{ st2kv.system.x }}' },
  });
  expect(places(pack.folder, loaded.problems).sort()).toEqual([
    'warning actions/run.yaml:12 parameter b: position cannot be "1"',
    'warning actions/run.yaml:13 parameter c must be a map',
    'warning actions/run.yaml:15 parameter e: default must be an integer, got "1"',
    'warning actions/run.yaml:17 unknown key: extra',
    'warning actions/run.yaml:6 parameter a: type cannot be "strng"',
    'warning actions/run.yaml:9 parameter b: items cannot be {"type":["string",5]}',
  ]);
});

test('the operation of a runner without files is no missing file', async () => {
  await using pack = await packOf({ 'actions/i.yaml': 'name: i\nrunner_type: stormlet\nentry_point: packs.install\n' });
  expect((await pack.load()).problems).toEqual([]);
});

test.each([
  ['no pack.yaml', undefined, 'pack/manifest-missing', undefined],
  ['a broken pack.yaml', 'name: demo\nversion: "1\n', 'file/not-yaml', 3],
  ['a pack.yaml without a name', 'version: 1.0.0\n', 'pack/manifest-invalid', 1],
])('with %s nothing of the pack is used, and the reason is told', async (_, text, code, line) => {
  await using pack = await packOf({
    'actions/a.yaml': 'name: a\nrunner_type: noop\n',
    ...(text && { 'pack.yaml': text }),
  });
  if (text === undefined) await rm(path.join(pack.folder, 'pack.yaml'));
  const loaded = await pack.load();
  expect(loaded).toMatchObject({ ref: 'demo', manifest: undefined, actions: [] });
  expect(loaded.problems).toEqual([
    expect.objectContaining({
      severity: 'error',
      code,
      file: path.join(pack.folder, 'pack.yaml'),
      ...(line && { line }),
    }),
  ]);
});

test('a pack.yml is recognised as a pack.yaml by another name', async () => {
  await using pack = await packOf({});
  await rename(path.join(pack.folder, 'pack.yaml'), path.join(pack.folder, 'pack.yml'));
  expect((await pack.load()).problems[0]?.hint).toBe('rename `pack.yml` to `pack.yaml`');
});

test('a file that did not change keeps its identity from one reading to the next', async () => {
  await using pack = await packOf({
    'actions/a.yaml': 'name: a\nrunner_type: noop\n',
    'actions/b.yaml': 'name: b\nrunner_type: noop\n',
  });
  const first = await pack.load();
  await writeFiles(pack.folder, { 'actions/b.yaml': 'name: b\nrunner_type: noop\ndescription: new\n' });
  const second = await pack.load();
  expect(second.actions[0]).toBe(first.actions[0]);
  expect(second.actions[1]).not.toBe(first.actions[1]);
  expect(second.actions[1]?.description).toBe('new');
});

test('another ref in pack.yaml gives every definition its new pack', async () => {
  await using pack = await packOf({ 'actions/a.yaml': 'name: a\nrunner_type: noop\n' });
  await pack.load();
  await writeFiles(pack.folder, { 'pack.yaml': packYaml('renamed') });
  expect((await pack.load()).actions.map(({ ref }) => ref)).toEqual(['renamed.a']);
});

test('the code of a pack is its Python files, and changes with them and with nothing else', async () => {
  await using pack = await packOf({ 'sensors/s.py': 'x = 1\n', 'actions/run.py': '', 'actions/lib/l.py': '' });
  const changed = async (files: Record<string, string>) => {
    const before = (await pack.load()).code;
    await writeFiles(pack.folder, files);
    const after = (await pack.load()).code;
    return [...after.keys()].filter((file) => after.get(file) !== before.get(file));
  };
  const data = {
    'sensors/state.json': '{}',
    'sensors/__pycache__/s.cpython-311.pyc': 'x',
    'sensors/clones/repo/.git/HEAD': 'x',
    'sensors/clones/repo/setup.py': 'x',
    'sensors/s.py': 'x = 1\n',
    'tests/test_s.py': 'x',
    'README.md': 'x',
  };
  expect(await changed(data)).toEqual([]);
  for (const file of ['sensors/s.py', 'sensors/helper/h.py', 'lib/l.py', 'actions/lib/l.py', 'actions/run.py']) {
    expect(await changed({ [file]: '# new\n' })).toEqual([file]);
  }
});

test('the configuration of the user is read with the defaults of the schema at every depth', async () => {
  const schema = [
    'url: {type: string, required: true}',
    'port: {type: integer, default: 80}',
    'login:',
    '  type: object',
    '  properties:',
    '    user: {type: string, default: me}',
    '    options: {type: object, properties: {deep: {default: 1}}}',
    'hosts: {type: array, items: {type: object, properties: {tls: {type: boolean, default: true}}}}',
    'named: {type: object, patternProperties: {"^n": {type: object, properties: {x: {default: 2}}}}}',
    'more: {type: object, additionalProperties: {type: object, properties: {y: {default: 3}}}}',
    'nothing: {type: string}',
  ];
  await using pack = await packOf(
    { 'config.schema.yaml': schema.join('\n') },
    'url: http://x\nhosts: [{name: a}, {name: b, tls: false}]\nnamed: {n1: {}}\nmore: {z: {}}\nunknown: 5\n',
  );
  const { config, problems } = await pack.load();
  expect(problems).toEqual([]);
  expect(config).toEqual({
    url: 'http://x',
    port: 80,
    login: { user: 'me', options: { deep: 1 } },
    hosts: [
      { name: 'a', tls: true },
      { name: 'b', tls: false },
    ],
    named: { n1: { x: 2 } },
    more: { z: { y: 3 } },
    unknown: 5,
  });
});

test('a configuration that breaks its schema, or is missing, warns and still loads', async () => {
  const schema = 'url: {type: string, required: true}\nport: {type: integer}\ntoken: {type: integer}\n';
  await using pack = await packOf({ 'config.schema.yaml': schema }, 'port: "80"\ntoken: "{{ st2kv.system.token }}"\n');
  const { config, problems } = await pack.load();
  expect(config).toEqual({ port: '80', token: '{{ st2kv.system.token }}' });
  expect(problems).toMatchObject([
    { severity: 'warning', code: 'config/invalid', line: 1 },
    { severity: 'warning', code: 'config/value-missing' },
  ]);
});

test.each([
  ['a typo of patternProperties and an unknown key', 'a: {type: object, patternproperties: {x: {}}, filter: 1}\n', 2],
  ['a reference', 'a: {$ref: "#/properties/b"}\nb: {type: string}\n', 0],
  ['a reference to nothing', 'a: {$ref: "#/properties/connection"}\n', 1],
  ['a reference to itself', 'a: {properties: {b: {$ref: "#/properties/a"}}}\n', 1],
  ['an unknown type', 'a: {type: strange, default: 5}\n', 1],
  ['broken YAML', 'a: "\n', 1],
  ['a list', '- a\n', 1],
  ['comments only', '---\n# nothing yet\n', 0],
])('a config schema with %s refuses nothing', async (_, schema, count) => {
  await using pack = await packOf({ 'config.schema.yaml': schema, 'actions/a.yaml': 'name: a\nrunner_type: noop\n' });
  const loaded = await pack.load();
  expect(loaded.actions).toHaveLength(1);
  expect(loaded.problems.map(({ severity }) => severity)).toEqual(Array(count).fill('warning'));
});
