import path from 'node:path';
import { expect, test } from 'vitest';
import { activatedEnvironment } from '../../../main/packs/virtualenvs/activated-environment.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeFiles } from '../pack-stage.ts';

test('an app that was started in none has none', () => {
  expect(activatedEnvironment({ PATH: '/usr/bin', VIRTUAL_ENV: '' }, 'linux')).toBeUndefined();
});

test.each(['version = 3.12.1', 'version_info = 3.12.1.final.0'])(
  'a virtualenv says its version by `%s`',
  async (line) => {
    await using folder = await tempFolder();
    await writeFiles(folder.path, {
      'pyvenv.cfg': `home = /usr/bin\n${line}\n`,
      'lib/python3.12/site-packages/x.py': '',
    });
    expect(activatedEnvironment({ VIRTUAL_ENV: folder.path, CONDA_PREFIX: '/opt/conda' }, 'linux')).toEqual({
      kind: 'virtualenv',
      folder: folder.path,
      python: path.join(folder.path, 'bin/python'),
      minor: 12,
      sitePackages: path.join(folder.path, 'lib/python3.12/site-packages'),
    });
  },
);

test('a conda environment says it by the name of a file', async () => {
  await using folder = await tempFolder();
  await writeFiles(folder.path, {
    'conda-meta/python-dateutil-2.9.0-py311_0.json': '{}',
    'conda-meta/python-3.11.7-h955ad1f_0.json': '{}',
    'lib/python3.11/site-packages/x.py': '',
  });
  const found = activatedEnvironment({ CONDA_PREFIX: folder.path }, 'linux');
  expect(found).toMatchObject({ kind: 'conda', minor: 11, sitePackages: expect.stringContaining('python3.11') });
});

test('one that is gone, or is no Python at all, offers nothing', () => {
  const found = activatedEnvironment({ VIRTUAL_ENV: '/no/such/env' }, 'linux');
  expect(found).toMatchObject({ minor: undefined, sitePackages: undefined });
});
