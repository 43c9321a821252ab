import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { publishEndpoint, readRunFile, runFile, withdrawRunFile } from '../../main/rpc/run-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const INFO = { pid: process.pid, startedAt: '2026-01-02T03:04:05.678Z' };

test('what was published is read, until it is withdrawn', async () => {
  await using folder = await tempFolder();
  await publishEndpoint(folder.path, INFO);
  const endpoint = { url: 'http://127.0.0.1:1', token: 'x' };
  await publishEndpoint(folder.path, { ...INFO, endpoint });
  expect(await readRunFile(folder.path)).toEqual({ ...INFO, endpoint });
  await withdrawRunFile(folder.path);
  expect(await readRunFile(folder.path)).toBeUndefined();
});

test.each([
  ['of a process that is gone', async () => JSON.stringify({ ...INFO, pid: await deadPid() })],
  ['with half its text', async () => '{"pid":'],
  ['with other content', async () => '[]'],
])('a run file %s counts as none', async (_what, text) => {
  await using folder = await tempFolder();
  await mkdir(path.dirname(runFile(folder.path)), { recursive: true });
  await writeFile(runFile(folder.path), await text());
  expect(await readRunFile(folder.path)).toBeUndefined();
});

async function deadPid(): Promise<number> {
  const child = execa('node', ['-e', '0']);
  await child;
  return child.pid ?? 0;
}
