import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { claimFolders, readRunFile, releaseFolders, runFile } from '../../main/rpc/run-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NOW = () => new Date().toISOString();

async function write(data: string, text: string): Promise<void> {
  await mkdir(path.dirname(runFile(data)), { recursive: true });
  await writeFile(runFile(data), text);
}

/** A living process that is not this one. */
async function otherProcess() {
  const child = execa('node', ['-e', 'setInterval(() => {}, 1000)'], { reject: false });
  const pid = child.pid ?? 0;
  return {
    pid,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child;
    },
  };
}

async function deadPid(): Promise<number> {
  const child = execa('node', ['-e', '0']);
  await child;
  return child.pid ?? 0;
}

test('folders that nobody holds can be claimed, again by the same process, and released', async () => {
  await using folder = await tempFolder();
  await claimFolders(folder.path, NOW());
  await claimFolders(folder.path, NOW());
  expect(await readRunFile(folder.path)).toMatchObject({ pid: process.pid });
  await releaseFolders(folder.path);
  expect(await readRunFile(folder.path)).toBeUndefined();
});

test.each([
  ['of a process that is gone', async () => JSON.stringify({ pid: await deadPid(), startedAt: NOW() })],
  ['with half its text', async () => '{"pid":'],
  ['with other content', async () => '[]'],
])('a run file %s counts as none', async (_what, text) => {
  await using folder = await tempFolder();
  await write(folder.path, await text());
  expect(await readRunFile(folder.path)).toBeUndefined();
  await claimFolders(folder.path, NOW());
  expect(await readRunFile(folder.path)).toMatchObject({ pid: process.pid });
});

test('folders of an app that is starting or stopping are refused, with its pid', async () => {
  await using folder = await tempFolder();
  await using other = await otherProcess();
  await write(folder.path, JSON.stringify({ pid: other.pid, startedAt: NOW() }));
  await expect(claimFolders(folder.path, NOW())).rejects.toMatchObject({
    code: 'app/already-running',
    message: expect.stringContaining(`process ${other.pid}`),
  });
});

test('a claim without an address is stale after a minute: its app died and the pid is another’s', async () => {
  await using folder = await tempFolder();
  await using other = await otherProcess();
  await write(folder.path, JSON.stringify({ pid: other.pid, startedAt: NOW() }));
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(runFile(folder.path), longAgo, longAgo);
  await claimFolders(folder.path, NOW());
  expect(await readRunFile(folder.path)).toMatchObject({ pid: process.pid });
});

test('a stale file whose pid was given to another program is seen through', async () => {
  await using folder = await tempFolder();
  await using other = await otherProcess();
  const stranger = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const strangersUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  for (const url of ['http://127.0.0.1:9', strangersUrl]) {
    const endpoint = { url, token: 'x' };
    await write(folder.path, JSON.stringify({ pid: other.pid, startedAt: NOW(), endpoint }));
    await claimFolders(folder.path, NOW());
    expect(JSON.parse(await readFile(runFile(folder.path), 'utf8'))).toMatchObject({ pid: process.pid });
  }
  stranger.close();
  stranger.closeAllConnections();
});

test('the file of another process is not removed by a release', async () => {
  await using folder = await tempFolder();
  await using other = await otherProcess();
  await write(folder.path, JSON.stringify({ pid: other.pid, startedAt: NOW() }));
  await releaseFolders(folder.path);
  expect(await readRunFile(folder.path)).toMatchObject({ pid: other.pid });
});
