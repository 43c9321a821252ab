import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPack } from '../../main/authoring/find-pack.ts';
import { testPack } from '../../main/authoring/test-pack.ts';
import { tempPack } from '../support/python.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { heard, testWorkbench } from '../support/test-workbench.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'stormlet-author-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function run(files: Readonly<Record<string, string>>, only: readonly string[] = []) {
  await using pack = await tempPack(files);
  const bench = await testWorkbench(home);
  const said = heard();
  const report = await testPack(bench, await findPack(bench, pack.path), only, said, new AbortController().signal);
  return { ...report, said: said.text() };
}

const IMPORTS = (name: string) =>
  `import unittest\n\nimport ${name}\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertTrue(${name}.__file__)\n`;

test('tests run with what the pack requires, what its tests require, and the base environment', async () => {
  const report = await run({
    'requirements.txt': 'toml==0.10.2\n',
    'requirements-tests.txt': 'iniconfig\n',
    'tests/test_own.py': IMPORTS('toml'),
    'tests/test_more.py': IMPORTS('iniconfig'),
    'tests/test_base.py': IMPORTS('yaml'),
  });
  expect(report).toMatchObject({ succeeded: true, passed: 3, broken: 0 });
}, 120_000);

test('the virtualenv is built once for the same requirements', async () => {
  const files = { 'requirements.txt': 'toml==0.10.2\n', 'tests/test_own.py': IMPORTS('toml') };
  const first = await run(files);
  const second = await run(files);
  expect(first.said).toContain('toml');
  expect(first.said).toMatch(/venv/);
  expect(second).toMatchObject({ succeeded: true, passed: 1 });
  expect(second.said).not.toMatch(/venv/);
}, 120_000);

test('an installed pack is tested in its own virtualenv, by its ref', async () => {
  await using pack = await tempPack({
    'requirements.txt': 'toml==0.10.2\n',
    'actions/act.yaml': 'name: act\nrunner_type: python-script\nentry_point: act.py\n',
    'actions/act.py': 'class Act:\n    def run(self):\n        pass\n',
    'tests/test_where.py': `import sys\nimport unittest\n\nimport toml\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertIn("/virtualenvs/", sys.prefix)\n        self.assertTrue(toml.__file__.startswith(sys.prefix))\n`,
  });
  {
    await using engine = await startTestEngine({ home });
    await engine.install(pack.path);
  }
  const bench = await testWorkbench(home);
  const said = heard();
  const report = await testPack(bench, await findPack(bench, 'demo'), [], said, new AbortController().signal);
  expect(report).toMatchObject({ pack: 'demo', succeeded: true, passed: 1 });
  expect(said.text()).not.toMatch(/uv venv|-m venv/);
}, 120_000);

test('a failing test is named', async () => {
  const code =
    'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_no(self):\n        self.assertEqual(1, 2)\n';
  const report = await run({ 'tests/test_a.py': code });
  expect(report).toMatchObject({ succeeded: false, failed: 1, failures: [{ test: 'test_a.T.test_no' }] });
}, 120_000);

test('tests that end the interpreter are no success', async () => {
  await expect(run({ 'tests/test_a.py': 'import os\nos._exit(0)\n' })).rejects.toMatchObject({
    code: 'pack/tests-ended',
  });
}, 120_000);

test('a pack without tests says so', async () => {
  await expect(run({})).rejects.toMatchObject({ code: 'pack/no-tests' });
});
