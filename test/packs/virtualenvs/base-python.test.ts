import { chmod, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PackRef } from '../../../main/contract/refs.ts';
import { loadPack, PackCaches } from '../../../main/packs/metadata/load-pack.ts';
import type { RunProgram } from '../../../main/supervisor/run-program.ts';
import { findTestPython } from '../../support/python.ts';
import { runWithQuickVenv } from '../../support/quick-venv.ts';
import { PYTHON_ACTION, packStage, packYaml, writeFiles } from '../pack-stage.ts';

const signal = new AbortController().signal;
const HELLO = PackRef.parse('hello');
const silent = { onStep: () => {}, onOutput: () => {} };

/** A pack with a virtualenv on `base`: a link that the test may point at something else. */
async function stageOnLink(uv: 'auto' | 'never') {
  const started: string[] = [];
  const counting: RunProgram = (spec, end) => {
    started.push(path.basename(spec.command));
    return runWithQuickVenv(spec, end);
  };
  const stage = await packStage({ uv, runProgram: counting });
  const base = path.join(stage.home, 'opt/python3');
  await mkdir(path.dirname(base));
  await symlink(await findTestPython(), base);
  const folder = await writeFiles(stage.installed('hello'), {
    'pack.yaml': packYaml('hello'),
    'actions/run.yaml': PYTHON_ACTION,
    'actions/run.py': '',
  });
  const pack = await loadPack(folder, 'installed', stage.folders.configs, new PackCaches());
  await stage.virtualenvs.start();
  await stage.virtualenvs.setUp(pack, base, silent, signal);
  started.length = 0;
  const examine = () => stage.virtualenvs.examine([HELLO], signal);
  const status = () => stage.virtualenvs.status(pack);
  return { ...stage, base, pack, started, examine, status };
}

/** Answers as an interpreter of that version. */
async function replaceBy(file: string, version: string) {
  await rm(file);
  await writeFile(file, `#!/bin/sh\necho '["${file}", [${version.replaceAll('.', ', ')}], true]'\n`);
  await chmod(file, 0o755);
}

const BOTH = ['auto', 'never'] as const;

test.each(BOTH)('uv: %s: while its Python is as it was, nothing is started to find that out', async (uv) => {
  await using stage = await stageOnLink(uv);
  expect(await stage.examine()).toEqual([]);
  expect(await stage.examine()).toEqual([]);
  expect(stage.started).toEqual([]);
  expect(stage.status()).toMatchObject({ state: 'ready', interpreter: stage.base });
});

test.each(BOTH)(
  'uv: %s: a Python that was removed is noticed, and built upon another once it is built again',
  async (uv) => {
    await using stage = await stageOnLink(uv);
    await rm(stage.base);
    const changes: string[] = [];
    stage.virtualenvs.onChange((ref) => changes.push(ref));
    expect(await stage.examine()).toEqual(['hello']);
    expect(stage.started).toEqual([]);
    expect(stage.status()).toMatchObject({
      state: 'missing',
      why: expect.stringContaining(`at ${stage.base} is gone`),
    });
    expect(stage.virtualenvs.python('hello')).toBeUndefined();

    const said: string[] = [];
    await stage.virtualenvs.setUp(stage.pack, '', { ...silent, onOutput: (_, text) => said.push(text) }, signal);
    expect(said.join('')).toMatch(/opt\/python3 is no longer there: Python 3\.\S+ is taken in its place/);
    // The choice stays: it counts again as soon as it is there again.
    expect(stage.status()).toMatchObject({ state: 'ready', interpreter: stage.base });
    expect(await stage.examine()).toEqual([]);
  },
);

test('a Python that is another minor version now is noticed by one look, and serves no more', async () => {
  await using stage = await stageOnLink('auto');
  const before = stage.status().python ?? '';
  await replaceBy(stage.base, '3.99.1');
  expect(await stage.examine()).toEqual(['hello']);
  expect(stage.started).toHaveLength(1);
  const why = `it was made with Python ${before}, and ${stage.base} is Python 3.99.1 now`;
  expect(stage.status()).toEqual({ state: 'missing', interpreter: stage.base, why });
  expect(stage.virtualenvs.python('hello')).toBeUndefined();
  // The answer is kept: the next start does not ask again.
  expect(await stage.examine()).toEqual(['hello']);
  expect(stage.started).toHaveLength(1);

  await rm(stage.base);
  await symlink(await findTestPython(), stage.base);
  expect(await stage.examine()).toEqual([]);
  expect(stage.status().state).toBe('ready');
});

test('a newer patch of the same minor version serves on, under its own number', async () => {
  await using stage = await stageOnLink('auto');
  const [major, minor] = (stage.status().python ?? '').split('.');
  await replaceBy(stage.base, `${major}.${minor}.99`);
  expect(await stage.examine()).toEqual([]);
  expect(stage.status()).toMatchObject({ state: 'ready', python: `${major}.${minor}.99` });
});

test('an interpreter that cannot be run any more is told from one that is gone', async () => {
  await using stage = await stageOnLink('auto');
  await rm(stage.base);
  await writeFile(stage.base, 'half an upgrade', { mode: 0o755 });
  expect(await stage.examine()).toEqual(['hello']);
  expect(stage.status().why).toBe(`its interpreter ${stage.base} can no longer be run`);
});

test('somebody deleted files in it: it is missing, is not built unasked, and one call builds it', async () => {
  await using stage = await stageOnLink('auto');
  const python = stage.virtualenvs.python('hello') ?? '';
  await rm(path.dirname(python), { recursive: true });
  expect(await stage.examine()).toEqual([]);
  expect(stage.status()).toMatchObject({ state: 'missing', why: 'its interpreter was deleted' });
  await stage.virtualenvs.setUp(stage.pack, '', silent, signal);
  expect(stage.status()).toMatchObject({ state: 'ready', interpreter: stage.base });
  expect((await lstat(stage.virtualenvs.python('hello') ?? '')).isSymbolicLink()).toBe(true);
});

test('the whole virtualenv deleted, its choice of interpreter is still known; the pack removed, it is forgotten', async () => {
  await using stage = await stageOnLink('auto');
  await rm(path.join(stage.home, 'data/virtualenvs/hello'));
  await rm(path.join(stage.home, 'data/virtualenvs/.versions'), { recursive: true });
  await stage.virtualenvs.start();
  expect(stage.status()).toEqual({ state: 'missing', interpreter: stage.base });
  await stage.virtualenvs.setUp(stage.pack, 'auto', silent, signal);
  expect(stage.status()).not.toHaveProperty('interpreter');
  await stage.virtualenvs.setUp(stage.pack, stage.base, silent, signal);
  await stage.virtualenvs.remove(HELLO);
  expect(stage.status()).toEqual({ state: 'missing' });
});
