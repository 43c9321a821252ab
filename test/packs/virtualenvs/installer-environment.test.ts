import path from 'node:path';
import { expect, test } from 'vitest';
import { installerEnvironment, parsePipConfig } from '../../../main/packs/virtualenvs/installer-environment.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeFiles } from '../pack-stage.ts';

test('nothing is asked, and nothing goes to another place than the virtualenv', () => {
  const env = installerEnvironment(
    { PYTHONPATH: '/x', PIP_TARGET: '/x', PIP_USER: '1', UV_SYSTEM_PYTHON: '1', GIT_ASKPASS: 'window', HOME: '/h' },
    'linux',
  );
  expect(env).toMatchObject({
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    PIP_NO_INPUT: '1',
    PIP_USER: '0',
    UV_PYTHON_DOWNLOADS: 'never',
  });
  for (const name of ['PYTHONPATH', 'PIP_TARGET', 'UV_SYSTEM_PYTHON']) expect(env).not.toHaveProperty(name);
});

test('what is set up for pip holds for uv', () => {
  const env = installerEnvironment(
    {
      HOME: '/h',
      PIP_INDEX_URL: 'http://a/simple',
      PIP_EXTRA_INDEX_URL: ' http://b/simple\n http://c/simple ',
      PIP_FIND_LINKS: '/wheels /more',
      PIP_TRUSTED_HOST: 'a b',
      PIP_CERT: '/ca.pem',
      PIP_PROXY: 'http://proxy',
      PIP_NO_INDEX: '1',
      https_proxy_unrelated: 'x',
    },
    'linux',
  );
  expect(env).toMatchObject({
    UV_DEFAULT_INDEX: 'http://a/simple',
    UV_INDEX: 'http://b/simple http://c/simple',
    UV_INDEX_STRATEGY: 'unsafe-best-match',
    UV_FIND_LINKS: '/wheels,/more',
    UV_INSECURE_HOST: 'a b',
    SSL_CERT_FILE: '/ca.pem',
    HTTP_PROXY: 'http://proxy',
    HTTPS_PROXY: 'http://proxy',
    PIP_NO_INDEX: '1',
  });
});

test("uv's own settings win over those of pip", () => {
  const env = installerEnvironment({ HOME: '/h', PIP_INDEX_URL: 'http://a', UV_DEFAULT_INDEX: 'http://b' }, 'linux');
  expect(env.UV_DEFAULT_INDEX).toBe('http://b');
  const old = installerEnvironment({ HOME: '/h', PIP_INDEX_URL: 'http://a', UV_INDEX_URL: 'http://b' }, 'linux');
  expect(old).not.toHaveProperty('UV_DEFAULT_INDEX');
});

test('pip.conf counts too, below the environment', async () => {
  await using home = await tempFolder();
  await writeFiles(home.path, {
    '.config/pip/pip.conf': '[global]\nindex-url = http://conf/simple\ntrusted-host = h\n',
  });
  const env = installerEnvironment({ HOME: home.path }, 'linux');
  expect(env).toMatchObject({ UV_DEFAULT_INDEX: 'http://conf/simple', UV_INSECURE_HOST: 'h' });
  const over = installerEnvironment({ HOME: home.path, PIP_INDEX_URL: 'http://env' }, 'linux');
  expect(over.UV_DEFAULT_INDEX).toBe('http://env');
  const named = path.join(home.path, 'other.conf');
  await writeFiles(home.path, { 'other.conf': '[install]\nindex-url: http://named\n' });
  expect(installerEnvironment({ HOME: home.path, PIP_CONFIG_FILE: named }, 'linux').UV_DEFAULT_INDEX).toBe(
    'http://named',
  );
});

test('a pip.conf is read with its comments, sections and values over several lines', () => {
  const text =
    '# c\n[global]\nextra-index-url =\n    http://a\n    http://b\n; c\n[freeze]\ntimeout = 1\n[install]\nno-index = yes\n';
  expect(parsePipConfig(text)).toEqual({ PIP_EXTRA_INDEX_URL: ' http://a http://b', PIP_NO_INDEX: 'yes' });
});
