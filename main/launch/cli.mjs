import path from 'node:path';
import { buildIfNeeded } from './build.mjs';
import { exitWith, ROOT, run } from './run.mjs';
import { appNode, setUp } from './set-up.mjs';

await exitWith(async () => {
  const args = process.argv.slice(2);
  await setUp({ quiet: true });
  // What starts the app runs what is built, as `npm start` does; a command is over before a build would have paid.
  const startsApp = args[0] === 'start';
  if (startsApp) await buildIfNeeded({ quiet: true });
  const program = startsApp ? path.join('out', 'main', 'cli.js') : path.join('main', 'headless', 'cli.ts');
  return run(appNode(), [path.join(ROOT, program), ...args]);
});
