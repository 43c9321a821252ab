import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packPython } from '../../support/pack-virtualenv.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';
import { type Warm, warmPack } from './warm.ts';

/** What most packs import. With C extensions, warnings filters and loggers of their own, and names for one module twice. */
const PROGRAMS = {
  'what is loaded': 'import requests, yaml, sys\nreturn sorted(sys.modules)',
  'one of them alone': 'import yaml, sys\nreturn sorted(sys.modules)',
  'none of them': 'import sys\nreturn sorted(sys.modules)',
  'what a library needs, by itself': 'import urllib3, sys\nreturn sorted(sys.modules)',
  'a module by two names':
    'import requests, urllib3\nreturn [requests.packages.urllib3.exceptions is urllib3.exceptions, requests.__spec__.origin]',
  'filters of warnings':
    'import warnings\nbefore = [str(each) for each in warnings.filters]\nimport requests\nreturn [before, [str(each) for each in warnings.filters]]',
  'the work of it': 'import yaml\nreturn yaml.safe_load("a: [1, 2.5, 2026-01-01]")["a"][:2] + [yaml.__with_libyaml__]',
  'an exception of it': 'import requests\nrequests.get("http://127.0.0.1:1/")',
};

test('a library that was imported ahead is as if it had been imported now', { timeout: 120_000 }, async () => {
  await using venv = await virtualenvWith('requests==2.32.3\nurllib3==2.2.3\nPyYAML==6.0.2\n');
  await using cold = await warmPack({ python: venv.python, settings: { isolation: 'cold' } });
  await using warm = await warmPack({ python: venv.python });
  await importedAhead(warm);
  for (const [what, body] of Object.entries(PROGRAMS)) {
    const { isolation, ...seen } = await warm.run(body);
    const { isolation: _, ...expected } = await cold.run(body);
    expect(isolation, what).toBe('forked');
    expect(plain(seen), what).toEqual(plain(expected));
  }
});

test('requests that are made by forked actions reach their server', { timeout: 120_000 }, async () => {
  await using venv = await virtualenvWith('requests==2.32.3\nurllib3==2.2.3\nPyYAML==6.0.2\n');
  await using warm = await warmPack({ python: venv.python });
  await importedAhead(warm);
  await using server = await loopbackServer();
  const body = `import requests\nreturn requests.get("${server.url}").json()`;
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => warm.run(body)));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'succeeded', isolation: 'forked', output: { result: { ok: true } } });
  }
});

async function importedAhead(pack: Warm): Promise<void> {
  await pack.run('import requests, yaml\nreturn 1');
  await until('they are imported ahead', async () => {
    const { isolation } = await pack.run('return 1');
    return isolation === 'forked' && (pack.servers.list()[0]?.imported ?? 0) > 100;
  });
}

/** Files have names of their own in each pack, and objects addresses. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value)
      .replaceAll(/0x[0-9a-f]+/g, '')
      .replaceAll(/[^" ]*\/actions\/[0-9a-f-]+/g, 'ACTION')
      .replaceAll(/demo\/actions[^"]*/g, 'MODULE'),
  );
}

async function virtualenvWith(requirements: string) {
  const folder = await tempFolder();
  const pack = path.join(folder.path, 'real_packages');
  await mkdir(pack);
  await writeFile(path.join(pack, 'requirements.txt'), requirements);
  return { python: await packPython(pack), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

async function loopbackServer() {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"ok": true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
