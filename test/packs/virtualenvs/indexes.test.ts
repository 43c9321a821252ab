import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { loadPack, PackCaches } from '../../../main/packs/metadata/load-pack.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { needs } from '../../support/needs.ts';
import { AUTHORITY, startPackageIndex } from '../../support/package-index.ts';
import { isAlive } from '../../support/processes.ts';
import { runWithQuickVenv } from '../../support/quick-venv.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { tinyProject, tinyWheel } from '../../support/tiny-package.ts';
import { until } from '../../support/until.ts';
import { PYTHON_ACTION, packStage, packYaml, writeFiles } from '../pack-stage.ts';

const BOTH = ['auto', 'never'] as const;
const git = needs('git');

/** Somebody's machine: a home folder of its own with nothing in it but this pip.conf, and a pack with these requirements. */
async function person(uv: 'auto' | 'never', pipConf: string, requirements: string, more: Record<string, string> = {}) {
  const home = await tempFolder();
  await writeFiles(home.path, { '.config/pip/pip.conf': pipConf });
  const stage = await packStage({
    uv,
    runProgram: runWithQuickVenv,
    environment: { PATH: process.env.PATH ?? '', HOME: home.path, ...more },
  });
  const folder = await writeFiles(stage.installed('hello'), {
    'pack.yaml': packYaml('hello'),
    'actions/run.yaml': PYTHON_ACTION,
    'actions/run.py': '',
    'requirements.txt': requirements,
  });
  const pack = await loadPack(folder, 'installed', stage.folders.configs, new PackCaches());
  const build = (signal = new AbortController().signal) =>
    stage.virtualenvs.setUp(pack, '', { onStep: () => {}, onOutput: () => {} }, signal);
  /** Builds it, and says where the module is. */
  const tinyFile = async () => {
    await build();
    const args = ['-c', 'import tiny; print(tiny.__file__)'];
    const command = stage.virtualenvs.python('hello') ?? '';
    const end = await runProgram({ command, args, env: {} }, new AbortController().signal);
    return end.stdout.trim() || end.stderr;
  };
  return {
    ...{ build, tinyFile, versions: path.join(stage.home, 'data/virtualenvs/.versions') },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

test.each(BOTH)('uv: %s: the index of pip.conf is the one that is asked', async (uv) => {
  await using folder = await tempFolder();
  await using index = await startPackageIndex([await tinyWheel(folder.path, 'tiny')]);
  const conf = `[global]\nindex-url = http://127.0.0.1:${index.port}/simple\n`;
  await using here = await person(uv, conf, 'tiny==1.0\n');
  expect(await here.tinyFile()).toContain('site-packages/tiny.py');
  expect(index.asked).toEqual(expect.arrayContaining(['/simple/tiny/', '/files/tiny-1.0-py3-none-any.whl']));
});

test('uv: a further index is asked as well, and the environment goes before pip.conf', async () => {
  await using folder = await tempFolder();
  await using empty = await startPackageIndex([]);
  await using index = await startPackageIndex([await tinyWheel(folder.path, 'tiny')]);
  await using here = await person('auto', '[global]\nindex-url = http://127.0.0.1:1/simple\n', 'tiny\n', {
    PIP_INDEX_URL: `http://127.0.0.1:${empty.port}/simple`,
    PIP_EXTRA_INDEX_URL: `http://127.0.0.1:${index.port}/simple`,
  });
  expect(await here.tinyFile()).toContain('site-packages/tiny.py');
  expect(empty.asked).toContain('/simple/tiny/');
});

test.each(BOTH)('uv: %s: the proxy of pip.conf is gone through', async (uv) => {
  await using folder = await tempFolder();
  await using proxy = await startPackageIndex([await tinyWheel(folder.path, 'tiny')]);
  const conf = `[global]
index-url = http://packages.invalid/simple
trusted-host = packages.invalid
proxy = http://127.0.0.1:${proxy.port}
`;
  await using here = await person(uv, conf, 'tiny==1.0\n');
  expect(await here.tinyFile()).toContain('site-packages/tiny.py');
  expect(proxy.asked).toContain('http://packages.invalid/simple/tiny/');
});

test('uv: a proxy of the environment is gone through', async () => {
  await using folder = await tempFolder();
  await using proxy = await startPackageIndex([await tinyWheel(folder.path, 'tiny')]);
  const conf = '[global]\nindex-url = http://packages.invalid/simple\ntrusted-host = packages.invalid\n';
  const http_proxy = `http://127.0.0.1:${proxy.port}`;
  await using here = await person('auto', conf, 'tiny==1.0\n', { http_proxy });
  expect(await here.tinyFile()).toContain('site-packages/tiny.py');
  expect(proxy.asked).toContain('http://packages.invalid/simple/tiny/');
});

test.each(BOTH)('uv: %s: a certificate that pip.conf names is trusted, and no other', async (uv) => {
  await using folder = await tempFolder();
  await using index = await startPackageIndex([await tinyWheel(folder.path, 'tiny')], { tls: true });
  const conf = `[global]\nretries = 0\nindex-url = https://localhost:${index.port}/simple\n`;
  await using stranger = await person(uv, conf, 'tiny==1.0\n', { UV_HTTP_RETRIES: '0' });
  await expect(stranger.build()).rejects.toMatchObject({ code: 'venv/requirements-failed' });
  await using here = await person(uv, `${conf}cert = ${AUTHORITY}\n`, 'tiny==1.0\n');
  expect(await here.tinyFile()).toContain('site-packages/tiny.py');
});

/** A git server for which nobody has a password. */
async function lockedGitServer() {
  const server = http.createServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="packs"' });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test.skipIf(git.skip).each(BOTH)(
  `uv: %s: a git server that wants a password is an error at once, and says which${git.reason}`,
  async (uv) => {
    await using server = await lockedGitServer();
    await using folder = await tempFolder();
    const asked = path.join(folder.path, 'asked');
    // What desktops set for git to open a window with; here it would leave a trace.
    await writeFiles(folder.path, { askpass: `#!/bin/sh\ntouch ${asked}\necho secret\n` });
    await execa('chmod', ['+x', path.join(folder.path, 'askpass')]);
    await writeFiles(folder.path, { gitconfig: `[core]\naskPass = ${path.join(folder.path, 'askpass')}\n` });
    const more = {
      GIT_CONFIG_GLOBAL: path.join(folder.path, 'gitconfig'),
      GIT_ASKPASS: path.join(folder.path, 'askpass'),
      SSH_ASKPASS: path.join(folder.path, 'askpass'),
    };
    await using here = await person(uv, '', `tiny @ git+${server.url}/tiny.git\n`, more);
    await expect(here.build()).rejects.toMatchObject({
      code: 'venv/requirements-failed',
      message: expect.stringContaining(`the git server ${server.url} wants a user name and a password`),
      hint: expect.stringContaining('credential helper'),
      details: { output: expect.stringContaining('terminal prompts disabled') },
    });
    expect(existsSync(asked)).toBe(false);
  },
);

/** A git repository with such a project. */
async function repository(folder: string): Promise<string> {
  const project = await tinyProject(path.join(folder, 'tiny'), 'tiny');
  const run = (...args: string[]) =>
    execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@t', ...args], { cwd: project });
  await run('init', '-q');
  await run('add', '.');
  await run('commit', '-qm', 'First');
  return `git+file://${project}`;
}

test.skipIf(git.skip).each(BOTH)(`uv: %s: a repository is installed from${git.reason}`, async (uv) => {
  await using folder = await tempFolder();
  await using here = await person(uv, '', `${await repository(folder.path)}#egg=tiny\n`);
  expect(await here.tinyFile()).toContain('site-packages/tiny.py');
});

test.skipIf(git.skip)(
  `an editable repository is cloned into the virtualenv and not into the pack${git.reason}`,
  async () => {
    await using folder = await tempFolder();
    await using here = await person('auto', '', `-e ${await repository(folder.path)}#egg=tiny\n`);
    expect(await here.tinyFile()).toMatch(/\.versions\/hello-\w+\/src\/tiny\/tiny\.py$/);
  },
);

test.each(BOTH)('uv: %s: a build that is called off ends with all that it started, and leaves nothing', async (uv) => {
  await using folder = await tempFolder();
  const pids = path.join(folder.path, 'pids');
  const endless = `
import subprocess
child = subprocess.Popen(["sleep", "300"])
with open(${JSON.stringify(`${pids}.new`)}, "w") as file:
    file.write("%d %d" % (os.getpid(), child.pid))
os.rename(${JSON.stringify(`${pids}.new`)}, ${JSON.stringify(pids)})
child.wait()`;
  const project = await tinyProject(path.join(folder.path, 'tiny'), 'tiny', endless);
  await using here = await person(uv, '', `${project}\n`);
  const cancel = new AbortController();
  const building = here.build(cancel.signal);
  await until('the build runs', () => existsSync(pids));
  const started = (await readFile(pids, 'utf8')).split(' ').map(Number);
  expect(started.map(isAlive)).toEqual([true, true]);
  cancel.abort('canceled');
  await expect(building).rejects.toMatchObject({ code: 'operation/canceled' });
  await until('all of it ended', () => !started.some(isAlive));
  expect(await readdir(here.versions)).toEqual([]);
});
