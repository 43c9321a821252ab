import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startFakeServer } from '../support/fake-server.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Every file of the app and its packages that a command loads, as Node's own coverage lists them. */
async function loadedBy(home: string, args: readonly string[]): Promise<string[]> {
  await using folder = await tempFolder();
  await runCli(home, args, { env: { NODE_V8_COVERAGE: folder.path } });
  const [name = ''] = await readdir(folder.path);
  const { result } = JSON.parse(await readFile(path.join(folder.path, name), 'utf8')) as { result: { url: string }[] };
  return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
}

test('`--help` loads neither schemas nor a connection', async () => {
  await using home = await tempFolder();
  const loaded = await loadedBy(home.path, ['--help']);
  expect(loaded.filter((url) => url.includes('commander')).length).toBeGreaterThan(0);
  expect(loaded.filter((url) => /node_modules\/(zod|ws|conf)\/|main\/contract\//.test(url))).toEqual([]);
});

test('a client command loads nothing of the engine', async () => {
  await using server = await startFakeServer();
  const loaded = await loadedBy(server.home, ['action', 'run', 'hello.greet']);
  expect(loaded.filter((url) => url.endsWith('main/contract/rpc-client.ts'))).toHaveLength(1);
  expect(
    loaded.filter((url) => /node_modules\/(aedes|mqtt|chokidar|execa|yaml|conf)\/|main\/engine/.test(url)),
  ).toEqual([]);
  expect(loaded.filter((url) => /main\/(store|bus|packs|sensors|executions|runners)\//.test(url))).toEqual([]);
});
