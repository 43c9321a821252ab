import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../main/kit/log.ts';
import { findPython } from '../../../main/packs/virtualenvs/find-python.ts';
import { Installers, type InstallersDeps } from '../../../main/packs/virtualenvs/installers.ts';
import type { ProgramSpec } from '../../../main/supervisor/run-program.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const signal = new AbortController().signal;
const PATH = process.env.PATH ?? '';
const PYTHON = { executable: '/opt/python', version: '3.11.1', hasVenv: true };

function installers(toolsFolder: string, more: Partial<InstallersDeps> = {}) {
  return new Installers({
    runProgram,
    environment: { PATH: '/usr/bin:/bin' },
    platform: process.platform,
    toolsFolder,
    buildConstraints: path.resolve('main/python/build-constraints.txt'),
    log: silentLog,
    ...more,
  });
}

/** Ends every program with the given exit code, and keeps what was to be run. */
function pretend(exitCode: number) {
  const asked: ProgramSpec[] = [];
  const run: typeof runProgram = async (spec) => {
    asked.push(spec);
    const rest = { signal: undefined, stdout: '', stderr: 'no network', truncated: false, stopped: undefined };
    return { exitCode, ...rest, startError: undefined };
  };
  return { asked, run };
}

test('uv on the PATH is taken', async () => {
  await using folder = await tempFolder();
  await writeFile(path.join(folder.path, 'uv'), '#!/bin/sh\n');
  await chmod(path.join(folder.path, 'uv'), 0o755);
  const { asked, run } = pretend(0);
  const chosen = installers(path.join(folder.path, 'tools'), { environment: { PATH: folder.path }, runProgram: run });
  expect((await chosen.choose('auto', PYTHON, [], () => {}, signal)).name).toBe('uv');
  expect(asked).toEqual([]);
});

test('uv is fetched once, from then on found, and nothing lies beside it', async () => {
  await using folder = await tempFolder();
  const environment = { ...(process.env as Record<string, string>), PATH };
  const python = await findPython({ runProgram, environment, platform: process.platform }, '', signal);
  const tools = path.join(folder.path, 'tools');
  const printed: string[] = [];
  const own = installers(tools, { environment: { ...environment, PATH: '/usr/bin:/bin' } });
  const choose = () => own.choose('auto', python, [], (_, text) => printed.push(text), signal);
  const both = await Promise.all([choose(), choose()]);
  expect(both.map(({ name }) => name)).toEqual(['uv', 'uv']);
  expect(existsSync(path.join(tools, 'bin/uv'))).toBe(true);
  expect(printed.filter((text) => text.startsWith('Fetching uv'))).toHaveLength(1);
  expect(await readdir(folder.path)).toEqual(['tools']);
});

test('where uv cannot be fetched, venv and pip do, and it is not tried again', async () => {
  await using folder = await tempFolder();
  const { asked, run } = pretend(1);
  const own = installers(path.join(folder.path, 'tools'), { runProgram: run });
  for (const _ of [1, 2]) expect((await own.choose('auto', PYTHON, [], () => {}, signal)).name).toBe('pip');
  expect(asked).toHaveLength(1);
});

test('`never` and an editable repository mean pip', async () => {
  await using folder = await tempFolder();
  await mkdir(path.join(folder.path, 'tools/bin'), { recursive: true });
  await writeFile(path.join(folder.path, 'tools/bin/uv'), '');
  const own = installers(path.join(folder.path, 'tools'));
  const name = async (uv: 'auto' | 'never', ...lines: string[]) =>
    (await own.choose(uv, PYTHON, lines, () => {}, signal)).name;
  expect(await name('never')).toBe('pip');
  expect(await name('auto', '-e git+https://x/y.git#egg=y')).toBe('pip');
  expect(await name('auto', 'requests', 'git+https://x/y.git')).toBe('uv');
});

test('a Python without venv needs uv, and without uv that is said with what to do', async () => {
  await using folder = await tempFolder();
  const own = installers(path.join(folder.path, 'tools'));
  const poor = { ...PYTHON, hasVenv: false };
  await expect(own.choose('auto', poor, [], () => {}, signal)).rejects.toMatchObject({ code: 'python/no-venv' });
  await mkdir(path.join(folder.path, 'tools/bin'), { recursive: true });
  await writeFile(path.join(folder.path, 'tools/bin/uv'), '');
  expect((await own.choose('never', poor, [], () => {}, signal)).name).toBe('uv');
});

test("pip's refusal of any index is handed to uv, which has no variable for it", async () => {
  await using folder = await tempFolder();
  await mkdir(path.join(folder.path, 'tools/bin'), { recursive: true });
  await writeFile(path.join(folder.path, 'tools/bin/uv'), '');
  const own = installers(path.join(folder.path, 'tools'), { environment: { PATH: '', PIP_NO_INDEX: 'true' } });
  const uv = await own.choose('auto', PYTHON, [], () => {}, signal);
  expect(uv.install('/venv', '/r.txt').args).toContain('--no-index');
});
