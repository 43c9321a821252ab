import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { StormletError } from '../../main/contract/errors.ts';
import { type DoctorDeps, runDoctor } from '../../main/doctor.ts';
import { whatBroke } from '../../main/packs/virtualenvs/base-python.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function machine(patch: Partial<DoctorDeps> = {}) {
  const folder = await tempFolder();
  const deps: DoctorDeps = {
    nodeVersion: 'v24.21.0',
    folders: {
      config: path.join(folder.path, 'config'),
      data: path.join(folder.path, 'data'),
      builtInPacks: '/none',
      python: '/none',
      node: '/none',
    },
    environment: { PATH: path.join(folder.path, 'bin') },
    runProgram,
    findPython: async () => {
      throw new StormletError({ code: 'python/not-found', kind: 'environment', message: 'no Python', hint: 'get one' });
    },
    listPythons: async () => [],
    activated: undefined,
    usesActivated: true,
    virtualenvFault: (file) => whatBroke(file, process.platform)?.why,
    ...patch,
  };
  await mkdir(path.join(folder.path, 'bin'));
  const check = async (name: string) => (await runDoctor(deps)).find((each) => each.name === name);
  return { folder, deps, check };
}

/** A program of one shell line. */
async function program(folder: string, name: string, line: string): Promise<string> {
  const file = path.join(folder, 'bin', name);
  await writeFile(file, `#!/bin/sh\n${line}\n`);
  await chmod(file, 0o755);
  return file;
}

test('what is missing is named with what to do about it', async () => {
  const { folder, check } = await machine({ nodeVersion: 'v18.0.0' });
  await using _folder = folder;
  expect(await check('node')).toMatchObject({
    state: 'failed',
    detail: 'v18.0.0 is too old',
    hint: expect.any(String),
  });
  expect(await check('python')).toMatchObject({ state: 'failed', detail: 'no Python', hint: 'get one' });
  expect(await check('uv')).toMatchObject({ state: 'ok', detail: expect.stringContaining('fetches its own') });
  expect(await check('git')).toMatchObject({ state: 'warning', hint: expect.stringContaining('git') });
});

test('programs that are there are shown with their version', async () => {
  const { folder, check } = await machine();
  await using _folder = folder;
  await program(folder.path, 'git', 'echo git version 2.99');
  await program(folder.path, 'uv', 'echo uv 0.9');
  expect(await check('git')).toEqual({ name: 'git', state: 'ok', detail: 'git version 2.99' });
  expect(await check('uv')).toMatchObject({ state: 'ok', detail: 'uv 0.9' });
});

test('a python without `venv` is a warning', async () => {
  const python = { executable: '/usr/bin/python3', version: '3.11.2', hasVenv: false };
  const { folder, check, deps } = await machine({ findPython: async () => python });
  await using _folder = folder;
  expect(await check('python')).toMatchObject({ state: 'warning', hint: expect.stringContaining('python3-venv') });
  Object.assign(deps, { findPython: async () => ({ ...python, hasVenv: true }) });
  expect(await check('python')).toEqual({ name: 'python', state: 'ok', detail: '3.11.2 at /usr/bin/python3' });
});

test('other Pythons, the uv that was fetched, and the environment that it was started in are told', async () => {
  const python = { executable: '/usr/bin/python3', version: '3.11.2', hasVenv: true };
  const others = [python, { ...python, executable: '/usr/bin/python3.12', version: '3.12.1' }];
  const activated = { kind: 'conda', folder: '/opt/conda', python: '/opt/conda/bin/python', minor: 12 } as const;
  const { folder, check, deps } = await machine({
    findPython: async () => python,
    listPythons: async () => others,
    activated: { ...activated, sitePackages: undefined },
  });
  await using _folder = folder;
  expect(await check('python')).toMatchObject({ detail: '3.11.2 at /usr/bin/python3; there are also 3.12.1' });
  expect(await check('started in')).toEqual({
    name: 'started in',
    state: 'ok',
    detail: 'the conda /opt/conda of Python 3.12: packs on that version find its modules after all else',
  });
  Object.assign(deps, { usesActivated: false });
  expect(await check('started in')).toMatchObject({ detail: expect.stringContaining('not used') });
  const tools = path.join(deps.folders.data, 'tools');
  await mkdir(path.join(tools, 'bin'), { recursive: true });
  await program(tools, 'uv', 'echo uv 0.9');
  expect(await check('uv')).toMatchObject({ detail: `uv 0.9, fetched to ${tools}` });
});

test('folders that are not there yet are fine where they can be made', async () => {
  const { folder, check, deps } = await machine();
  await using _folder = folder;
  expect(await check('data folder')).toEqual({ name: 'data folder', state: 'ok', detail: deps.folders.data });
  expect(await check('disk space')).toMatchObject({ detail: expect.stringMatching(/^\d+ MB free/) });
});

test('a folder below a file cannot be written', async () => {
  const { folder, check, deps } = await machine();
  await using _folder = folder;
  await writeFile(deps.folders.config, '');
  Object.assign(deps.folders, { config: path.join(deps.folders.config, 'below') });
  expect(await check('settings folder')).toMatchObject({
    state: 'failed',
    hint: expect.stringContaining('STORMLET_HOME'),
  });
});

test('a virtualenv whose base interpreter is gone is found, a working one is ok', async () => {
  const { folder, check, deps } = await machine();
  await using _folder = folder;
  const base = path.dirname(await program(folder.path, 'python3', 'exit 0'));
  for (const [name, home] of [
    ['good', base],
    ['orphan', path.join(base, 'removed')],
  ] as const) {
    const bin = path.join(deps.folders.data, 'virtualenvs', name, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, '../pyvenv.cfg'), `home = ${home}\nversion = 3.11.2\n`);
    await symlink(path.join(home, 'python3'), path.join(bin, 'python'));
  }
  expect(await check('virtualenv of good')).toMatchObject({ state: 'ok' });
  expect(await check('virtualenv of orphan')).toMatchObject({
    state: 'failed',
    hint: '`stormlet pack setup-virtualenv orphan` builds it again',
  });
});

test('addresses are shown while the app runs', async () => {
  const addresses = { bus: 'mqtt://127.0.0.1:1', http: 'http://127.0.0.1:2' };
  const { folder, check } = await machine({ addresses });
  await using _folder = folder;
  expect(await check('bus')).toMatchObject({ state: 'ok', detail: addresses.bus });
  expect(await check('http')).toMatchObject({ state: 'ok', detail: addresses.http });
});

test('a Linux desktop without tray icons is told of, with how the window comes back', async () => {
  const { folder, check } = await machine({ desktop: { platform: 'linux' } });
  await using home = folder;
  expect(await check('tray')).toMatchObject({ state: 'ok', detail: expect.stringContaining('not known') });
  // It answers as the session's bus would.
  const answer = (has: boolean) => `test "$6" = string:org.kde.StatusNotifierWatcher && echo "   boolean ${has}"`;
  await program(home.path, 'dbus-send', answer(false));
  expect(await check('tray')).toMatchObject({ state: 'warning', hint: expect.stringContaining('a second start') });
  await program(home.path, 'dbus-send', answer(true));
  expect(await check('tray')).toMatchObject({ state: 'ok', detail: 'this desktop shows tray icons' });
});

test('without a desktop nobody asks for its tray', async () => {
  const { folder, check } = await machine();
  await using _folder = folder;
  expect(await check('tray')).toBeUndefined();
});
