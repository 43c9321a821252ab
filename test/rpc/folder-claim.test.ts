import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { claimFolders } from '../../main/rpc/folder-claim.ts';
import { publishEndpoint, readRunFile } from '../../main/rpc/run-file.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const NOW = '2026-01-02T03:04:05.678Z';

test('folders that nobody has can be claimed, and by another when they are given free', async () => {
  await using folder = await tempFolder();
  const claim = await claimFolders(folder.path, NOW);
  expect(await readRunFile(folder.path)).toEqual({ pid: process.pid, startedAt: NOW });
  await expect(claimFolders(folder.path, NOW)).rejects.toMatchObject({
    code: 'app/already-running',
    message: `Stormlet is already running: process ${process.pid}`,
  });
  await claim[Symbol.asyncDispose]();
  expect(await readRunFile(folder.path)).toBeUndefined();
  await using again = await claimFolders(folder.path, NOW);
  expect(again).toBeDefined();
});

test('of several that start at one time exactly one has the folders, also where a killed app left its mark', async () => {
  await using folder = await tempFolder();
  for (let round = 0; round < 3; round += 1) {
    const starts = Array.from({ length: 4 }, () => startClaimer(folder.path));
    await until('each has its answer', () => starts.every(({ printed }) => printed().includes('\n')));
    const answers = starts.map(({ printed }) => printed().trim());
    expect(answers.toSorted()).toEqual(['app/already-running', 'app/already-running', 'app/already-running', 'mine']);
    for (const { child } of starts) child.kill('SIGKILL');
    await Promise.all(starts.map(({ child }) => child));
  }
});

test('a run file whose process id was given to another program stands in nobody’s way', async () => {
  await using folder = await tempFolder();
  await publishEndpoint(folder.path, { pid: process.ppid, startedAt: NOW });
  await using claim = await claimFolders(folder.path, NOW);
  expect(claim).toBeDefined();
  expect(await readRunFile(folder.path)).toMatchObject({ pid: process.pid });
});

/** Takes the folders, says whether it could, and lives on. */
function startClaimer(folder: string) {
  const program = `
    import { claimFolders } from ${JSON.stringify(path.resolve('main/rpc/folder-claim.ts'))};
    const claim = await claimFolders(process.argv[1], new Date().toISOString()).catch((error) => error);
    console.log(claim.code ?? 'mine');
    setInterval(() => claim, 1000);
  `;
  const child = execa(process.execPath, ['--input-type=module', '-e', program, folder], { reject: false });
  let printed = '';
  child.stdout.on('data', (text) => (printed += String(text)));
  return { child, printed: () => printed };
}
