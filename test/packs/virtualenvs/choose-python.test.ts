import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { choosePython, minorsOf, type PythonWishes } from '../../../main/packs/virtualenvs/choose-python.ts';
import { listPythons } from '../../../main/packs/virtualenvs/find-python.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const signal = new AbortController().signal;

/** A machine with Pythons of these versions on its PATH. */
async function machine(...versions: string[]) {
  const folder = await tempFolder();
  const bin = path.join(folder.path, 'bin');
  await mkdir(bin);
  const python = (version: string) => path.join(bin, `python${version.split('.').slice(0, 2).join('.')}`);
  for (const version of versions) {
    const answer = JSON.stringify([python(version), version.split('.').map(Number), true]);
    await writeFile(python(version), `#!/bin/sh\necho '${answer}'\n`);
    await chmod(python(version), 0o755);
  }
  const deps = { runProgram, environment: { PATH: bin, HOME: folder.path }, platform: process.platform };
  const said: string[] = [];
  const choose = async (wishes: Partial<PythonWishes>) => {
    const all = { asked: '', remembered: '', packVersions: [], usual: '', ...wishes };
    return (await choosePython(deps, all, (_, text) => said.push(text), signal)).version;
  };
  return { deps, bin, python, said, choose, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test.each<[string, Partial<PythonWishes>, string]>([
  ['nothing said: 3.11', {}, '3.11.7'],
  ['any Python 3 will do', { packVersions: ['2', '3'] }, '3.11.7'],
  ['the pack names a minor version', { packVersions: ['3.9'] }, '3.9.18'],
  ['the pack names several', { packVersions: ['2.7', '3.8', '3.12', '3.9'] }, '3.12.1'],
  ['the settings name one', { usual: 'python3.12' }, '3.12.1'],
  ['the settings name one that the pack may have', { usual: 'python3.12', packVersions: ['3.9', '3.12'] }, '3.12.1'],
  ['the settings name one that the pack does not want', { usual: 'python3.12', packVersions: ['3.9'] }, '3.9.18'],
  ['the person named one earlier', { remembered: 'python3.9', usual: 'python3.12', packVersions: ['3.11'] }, '3.9.18'],
  ['the person names another now', { asked: 'python3.12', remembered: 'python3.9', packVersions: ['3.9'] }, '3.12.1'],
  ['the person gives the choice back', { asked: 'auto', remembered: 'python3.9' }, '3.11.7'],
])('%s', async (_, wishes, expected) => {
  await using here = await machine('3.9.18', '3.11.7', '3.12.1');
  expect(await here.choose(wishes)).toBe(expected);
  expect(here.said).toEqual([]);
});

test('a version that the machine does not have is replaced by the usual one, and that is said', async () => {
  await using here = await machine('3.11.7', '3.12.1');
  expect(await here.choose({ packVersions: ['3.6'] })).toBe('3.11.7');
  expect(await here.choose({ packVersions: ['3.6'], usual: 'python3.12' })).toBe('3.12.1');
  expect(here.said).toEqual([
    'The pack names Python 3.6; none was found, 3.11.7 is taken\n',
    'The pack names Python 3.6; none was found, 3.12.1 is taken\n',
  ]);
});

test('what was chosen earlier and is gone is replaced with a word about it; what is asked for now is refused', async () => {
  await using here = await machine('3.11.7');
  expect(await here.choose({ remembered: '/opt/python3.9' })).toBe('3.11.7');
  expect(here.said).toEqual(['/opt/python3.9 is no longer there: Python 3.11.7 is taken in its place\n']);
  await expect(here.choose({ asked: '/opt/python3.9' })).rejects.toMatchObject({ code: 'python/interpreter-unusable' });
});

test.each([
  [[], []],
  [['3'], []],
  [['2', '3'], []],
  [['2.7'], []],
  [
    ['3.6', '3.8'],
    [6, 8],
  ],
  [['2', '3.8.1'], [8]],
])('python_versions %j name the minors %j', (versions, minors) => {
  expect(minorsOf(versions)).toEqual(minors);
});

test('all Pythons of the machine are listed once each, the most fitting first', async () => {
  await using here = await machine('3.8.18', '3.11.7', '3.12.1');
  await symlink(here.python('3.12.1'), path.join(here.bin, 'python3'));
  const versions = (await listPythons(here.deps, signal)).map(({ version }) => version);
  expect(versions).toEqual(['3.11.7', '3.12.1', '3.8.18']);
});

test('the Python of the environment that the app was started in is taken where there is no other', async () => {
  await using here = await machine('3.12.1');
  const lastResort = here.python('3.12.1');
  const bare = { ...here.deps, environment: { PATH: '/nowhere', HOME: '/nowhere' }, lastResort };
  const wishes = { asked: '', remembered: '', packVersions: [], usual: '' };
  expect((await choosePython(bare, wishes, () => {}, signal)).version).toBe('3.12.1');
});
