import { buildIfNeeded } from './build.mjs';
import { exitWith } from './run.mjs';
import { setUp } from './set-up.mjs';

// Before `npm pack`: the package of the command line holds what is built, and no sources.
await exitWith(async () => {
  await setUp();
  await buildIfNeeded();
  return 0;
});
