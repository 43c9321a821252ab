import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type FindPythonDeps, findPython, installHint } from '../../../main/packs/virtualenvs/find-python.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { findTestPython } from '../../support/python.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const signal = new AbortController().signal;

/** A machine with these programs on its PATH and nothing else. */
async function machine(programs: Readonly<Record<string, string>>) {
  const folder = await tempFolder();
  const bin = path.join(folder.path, 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  const environment = { PATH: bin, HOME: folder.path };
  const deps: FindPythonDeps = { runProgram, environment, platform: process.platform };
  return { bin, home: folder.path, deps, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** Answers the probe as an interpreter of that version would. */
const answers = (version: string, hasVenv = true) =>
  `echo '["/opt/${version}/python", [${version.replaceAll('.', ', ')}], ${hasVenv}]'`;

test('the real interpreter of this machine is found and said to be one outside of any virtualenv', async () => {
  const environment = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
  const python = await findPython({ runProgram, environment, platform: process.platform }, '', signal);
  expect(python.version).toMatch(/^3\.\d+\.\d+$/);
  expect(path.isAbsolute(python.executable)).toBe(true);
});

test.each([
  ['3.11 before all others', { python3: '3.13.1', 'python3.10': '3.10.2', 'python3.11': '3.11.4' }, '3.11.4'],
  ['3.10 next', { python3: '3.13.1', 'python3.10': '3.10.2', 'python3.12': '3.12.0' }, '3.10.2'],
  ['then the others', { python3: '3.9.1', 'python3.12': '3.12.0' }, '3.12.0'],
  ['and plain `python` where there is nothing else', { python: '3.8.1' }, '3.8.1'],
])('%s', async (_, programs, expected) => {
  const scripts = Object.entries(programs).map(([name, version]) => [name, answers(version)]);
  await using here = await machine(Object.fromEntries(scripts));
  expect((await findPython(here.deps, '', signal)).version).toBe(expected);
});

test('an interpreter that is too old, broken, or silent is passed over', async () => {
  await using here = await machine({
    'python3.11': 'exit 3',
    'python3.10': 'echo no such version',
    'python3.9': answers('3.7.2'),
    'python3.8': answers('3.8.9'),
  });
  expect((await findPython(here.deps, '', signal)).version).toBe('3.8.9');
});

test('one without venv is taken only where no other is', async () => {
  await using here = await machine({ 'python3.11': answers('3.11.2', false), python3: answers('3.9.2') });
  expect((await findPython(here.deps, '', signal)).version).toBe('3.9.2');
  await using poor = await machine({ 'python3.11': answers('3.11.2', false) });
  expect(await findPython(poor.deps, '', signal)).toMatchObject({ version: '3.11.2', hasVenv: false });
});

test('interpreters that pyenv keeps are found, newest first', async () => {
  await using here = await machine({});
  for (const version of ['3.11.2', '3.11.10', '2.7.18', '3.13.0']) {
    const bin = path.join(here.home, '.pyenv/versions', version, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'python3'), `#!/bin/sh\n${answers(version)}\n`);
    await chmod(path.join(bin, 'python3'), 0o755);
  }
  expect((await findPython(here.deps, '', signal)).version).toBe('3.11.10');
});

test('interpreters that uv keeps are found as well', async () => {
  await using here = await machine({});
  for (const version of ['3.12.4', '3.10.9']) {
    const bin = path.join(here.home, '.local/share/uv/python', `cpython-${version}-linux-x86_64-gnu`, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'python3'), `#!/bin/sh\n${answers(version)}\n`);
    await chmod(path.join(bin, 'python3'), 0o755);
  }
  expect((await findPython(here.deps, '', signal)).version).toBe('3.10.9');
  expect((await findPython(here.deps, '', signal, [12])).version).toBe('3.12.4');
});

test('no Python at all is said with what to do about it', async () => {
  await using here = await machine({});
  await expect(findPython(here.deps, '', signal)).rejects.toMatchObject({
    code: 'python/not-found',
    kind: 'environment',
    hint: installHint(process.platform),
  });
});

test.each(['linux', 'darwin', 'win32'] as const)('the hint for %s names a command', (platform) => {
  expect(installHint(platform)).toMatch(/run `(sudo apt|brew|winget) install /);
});

test('the chosen interpreter is taken, by path or by name', async () => {
  await using here = await machine({ 'python3.11': answers('3.11.4'), 'python3.13': answers('3.13.0') });
  expect((await findPython(here.deps, 'python3.13', signal)).version).toBe('3.13.0');
  expect((await findPython(here.deps, path.join(here.bin, 'python3.13'), signal)).version).toBe('3.13.0');
});

test('a chosen interpreter that cannot be run is refused and not replaced by another', async () => {
  await using here = await machine({ 'python3.11': answers('3.11.4') });
  await expect(findPython(here.deps, '/no/such/python', signal)).rejects.toMatchObject({
    code: 'python/interpreter-unusable',
    message: expect.stringContaining('`/no/such/python`'),
  });
});

test('of an interpreter in a virtualenv, the one below it counts', async () => {
  await using here = await machine({});
  const base = await findTestPython();
  const venv = path.join(here.home, 'venv');
  const made = await runProgram({ command: base, args: ['-m', 'venv', '--without-pip', venv], env: {} }, signal);
  expect(made.exitCode).toBe(0);
  await symlink(path.join(venv, 'bin/python'), path.join(here.bin, 'python3'));
  const python = await findPython(here.deps, path.join(venv, 'bin/python'), signal);
  expect(python.executable.startsWith(venv)).toBe(false);
  expect(python.hasVenv).toBe(true);
});
