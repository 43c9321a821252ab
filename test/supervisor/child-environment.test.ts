import path from 'node:path';
import { expect, test } from 'vitest';
import { cleanEnvironment, insideVirtualenv } from '../../main/supervisor/child-environment.ts';

const paths = (...folders: string[]) => folders.join(path.delimiter);

test('of an activated virtualenv nothing is left, neither its variables nor its folder on PATH', () => {
  const clean = cleanEnvironment({
    ...{
      VIRTUAL_ENV: '/home/ada/env',
      VIRTUAL_ENV_PROMPT: 'env',
      PYTHONHOME: '/x',
      PYTHONPATH: '/y',
      POETRY_ACTIVE: '1',
    },
    PATH: paths('/home/ada/env/bin', '/home/ada/environment/bin', '/usr/bin'),
    LANG: 'en_GB.UTF-8',
  });
  expect(clean).toEqual({ PATH: paths('/home/ada/environment/bin', '/usr/bin'), LANG: 'en_GB.UTF-8' });
});

test('of conda neither, also where environments are stacked', () => {
  const clean = cleanEnvironment({
    ...{ CONDA_PREFIX: '/opt/conda/envs/b', CONDA_PREFIX_1: '/opt/conda', CONDA_DEFAULT_ENV: 'b', CONDA_SHLVL: '2' },
    ...{ CONDA_EXE: '/opt/conda/bin/conda', CONDA_PYTHON_EXE: '/opt/conda/bin/python', _CE_CONDA: '', _CE_M: '' },
    PATH: paths('/opt/conda/envs/b/bin', '/opt/conda/condabin', '/opt/conda/bin', '/usr/bin'),
  });
  expect(clean).toEqual({ PATH: '/usr/bin' });
});

test('a child inside its own virtualenv finds that one first', () => {
  const bin = path.join('/venvs', 'a', 'bin');
  expect(insideVirtualenv({ PATH: '/usr/bin' }, path.join(bin, 'python'))).toEqual({
    PATH: paths(bin, '/usr/bin'),
    VIRTUAL_ENV: path.join('/venvs', 'a'),
  });
});
