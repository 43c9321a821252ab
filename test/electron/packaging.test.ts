import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { extract } from 'tar';
import { expect, test } from 'vitest';
import { packApp } from '../support/pack-app.ts';
import { tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);

const unbuilt = existsSync('out/main/desktop.js') ? '' : 'nothing is built; `npm test` builds first';
const notHere = process.platform === 'linux' ? unbuilt : 'packages for Linux are made on Linux';
const note = notHere === '' ? '' : ` (skipped: ${notHere})`;

/** A folder in the shape of an unpacked Electron, whose program does nothing. */
async function hollowElectron(folder: string): Promise<string> {
  const dist = path.join(folder, 'electron');
  await mkdir(path.join(dist, 'resources'), { recursive: true });
  await copyFile('/bin/true', path.join(dist, 'electron'));
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) await writeFile(path.join(dist, name), '');
  await chmod(path.join(dist, 'electron'), 0o755);
  return dist;
}

test.skipIf(notHere !== '')(`the packaged app holds what it needs, and nothing else${note}`, async () => {
  await using folder = await tempFolder();
  const packed = await packApp(folder.path, await hollowElectron(folder.path), (config) => {
    delete config.electronFuses;
  });
  const resources = path.join(packed, 'resources');
  for (const file of [
    'python/sensor_wrapper.py',
    'python/python_action_wrapper.py',
    'packs/core/pack.yaml',
    'icons/tray-idle-dark.png',
    'notices/app.txt',
    'notices/window.txt',
    'node/node-action-wrapper.ts',
  ]) {
    expect((await stat(path.join(resources, file))).isFile(), file).toBe(true);
  }
  const everything = await readdir(resources, { recursive: true });
  expect(everything.filter((file) => /__pycache__|\.svg$/.test(file))).toEqual([]);

  const archive = path.join(resources, 'app.asar');
  const archived = listPackage(archive, { isPack: false });
  const tops = new Set(archived.map((file) => file.split('/')[1]));
  expect([...tops].sort()).toEqual(['LICENSE', 'out', 'package.json']);
  for (const file of [
    '/out/main/desktop.js',
    '/out/main/node-action-wrapper.js',
    '/out/preload/index.cjs',
    '/out/renderer/index.html',
  ]) {
    expect(archived).toContain(file);
  }

  // Nothing but its own files above it: a package that was forgotten to be bundled would not be found.
  const alone = path.join(folder.path, 'alone');
  extractAll(archive, alone);
  const { stdout } = await run(process.execPath, [path.join(alone, 'out', 'main', 'cli.js'), '--version']);
  expect(stdout.trim()).toBe(JSON.parse(await readFile('package.json', 'utf8')).version);
});

test.skipIf(notHere !== '')(`an option that electron-builder does not know is refused${note}`, async () => {
  await using folder = await tempFolder();
  const packing = packApp(folder.path, await hollowElectron(folder.path), (config) => {
    config.asarr = true;
  });
  await expect(packing).rejects.toMatchObject({ stdout: expect.stringContaining('asarr') });
});

test.skipIf(unbuilt !== '')(
  `the package of the command line needs nothing but Node${unbuilt && ` (skipped: ${unbuilt})`}`,
  async () => {
    await using folder = await tempFolder();
    const packed = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder.path], {
      shell: process.platform === 'win32',
    });
    await extract({ file: path.join(folder.path, packed.stdout.trim()), cwd: folder.path });
    const { bin } = JSON.parse(await readFile(path.join(folder.path, 'package', 'package.json'), 'utf8'));
    const cli = path.join(folder.path, 'package', bin.stormlet);
    expect(await readFile(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const home = path.join(folder.path, 'home');
    const env = { PATH: process.env.PATH, STORMLET_HOME: home };
    const made = await run(process.execPath, [cli, 'pack', 'create', 'tried', '--json'], { env, cwd: folder.path });
    expect(made.stderr).toBe('');
    const files = await readdir(path.join(folder.path, 'tried'));
    expect(files).toContain('pack.yaml');
  },
);
