import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

test('what passed, failed and was skipped is counted, with the reason of each skip', async () => {
  await using folder = await tempFolder();
  const tally = path.join(folder.path, 'tally.json');
  const reporter = pathToFileURL(path.resolve('test/support/tally-reporter.ts')).href;
  // Outside of the repository, so nothing of ours is found by name; tests have vitest's functions as globals.
  await writeFile(
    path.join(folder.path, 'vitest.config.mjs'),
    `import { TallyReporter } from '${reporter}';
     export default { test: { globals: true, include: ['*.test.mjs'], reporters: [new TallyReporter(${JSON.stringify(tally)})] } };`,
  );
  await writeFile(
    path.join(folder.path, 'some.test.mjs'),
    `test('passes', () => {});
     test('fails', () => { throw new Error('no'); });
     test.skipIf(true)('opens the window (skipped: no Chromium here)', () => {});
     test('asks for a network', (context) => context.skip('offline'));
     describe.skipIf(true)('in a browser (skipped: none found)', () => { test('draws', () => {}); });
     test.skip('says nothing', () => {});`,
  );
  await writeFile(path.join(folder.path, 'broken.test.mjs'), `throw new Error('cannot be loaded');`);
  const vitest = path.resolve('node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run'], { cwd: folder.path, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(JSON.parse(await readFile(tally, 'utf8'))).toEqual({
    passed: 1,
    // The test, the file that cannot be loaded, and the skip without a reason.
    failed: 3,
    skipped: [
      { name: 'opens the window', reason: 'no Chromium here' },
      { name: 'asks for a network', reason: 'offline' },
      { name: 'in a browser > draws', reason: 'none found' },
      { name: 'says nothing', reason: 'NO REASON GIVEN, which counts as failed' },
    ],
  });
});
