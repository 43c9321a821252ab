import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { packStage, writeFiles } from '../pack-stage.ts';

const REQUIREMENTS = path.resolve(import.meta.dirname, '../../../main/python/base-requirements.txt');

test('the base environment holds what packs import undeclared, is built once and kept', async () => {
  await using stage = await packStage();
  await using base = stage.base(REQUIREMENTS);
  expect(base.current).toBeUndefined();
  const [first, second] = await Promise.all([base.ready(), base.ready()]);
  expect(second).toBe(first);
  expect(base.current).toEqual(first);
  const code =
    'import six, requests, yaml, jinja2, dateutil, pytz, simplejson, eventlet, git, pkg_resources, urllib3, sys; print(sys.prefix)';
  const args = ['-W', 'ignore', '-c', code];
  const end = await runProgram({ command: first.python, args, env: {} }, new AbortController().signal);
  expect(end.stderr).toBe('');
  expect(first.sitePackages.startsWith(end.stdout.trim())).toBe(true);
  expect(await readdir(first.sitePackages)).toContain('six.py');

  await using again = stage.base(REQUIREMENTS);
  expect(await again.ready()).toEqual(first);
});

test('other requirements build a new one; until it is there the old one serves', async () => {
  await using stage = await packStage();
  const file = path.join(stage.home, 'base.txt');
  await writeFiles(stage.home, { 'base.txt': 'six==1.16.0\n' });
  const first = await stage.base(file).ready();
  await writeFiles(stage.home, { 'base.txt': 'six==1.17.0\n' });
  await using changed = stage.base(file);
  const second = await changed.ready();
  expect(second.sitePackages).not.toBe(first.sitePackages);
  expect(await readdir(first.sitePackages)).toContain('six-1.16.0.dist-info');
  expect(await readdir(second.sitePackages)).toContain('six-1.17.0.dist-info');
});

test('a failure is a problem with a hint, and the next demand tries again', async () => {
  await using stage = await packStage();
  await writeFiles(stage.home, { 'base.txt': 'no-such-package-stormlet-xyz\n' });
  await using base = stage.base(path.join(stage.home, 'base.txt'));
  await expect(base.ready()).rejects.toMatchObject({ code: 'venv/requirements-failed' });
  expect(base.problem).toMatchObject({ severity: 'warning', hint: expect.stringContaining('fail until it is built') });
  await writeFiles(stage.home, { 'base.txt': 'six\n' });
  await base.ready();
  expect(base.problem).toBeUndefined();
  expect(base.current).toBeDefined();
});

test('ending the app ends a build that is under way, and nothing of it stays', async () => {
  await using stage = await packStage();
  const base = stage.base(REQUIREMENTS);
  base.ensure();
  await base[Symbol.asyncDispose]();
  expect(base.current).toBeUndefined();
  expect(await readdir(path.join(stage.home, 'data/virtualenvs/.versions')).catch(() => [])).toEqual([]);
});
