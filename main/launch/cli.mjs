import path from 'node:path';
import { buildIfNeeded } from './build.mjs';
import { exitWith, ROOT, run } from './run.mjs';
import { appNode, setUp } from './set-up.mjs';

await exitWith(async () => {
  const args = process.argv.slice(2);
  await setUp({ quiet: true });
  // The window that it serves is built; the rest runs from its sources.
  if (args[0] === 'start') await buildIfNeeded({ quiet: true });
  return run(appNode(), [path.join(ROOT, 'main', 'headless', 'cli.ts'), ...args]);
});
