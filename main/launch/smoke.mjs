import { existsSync } from 'node:fs';
import { buildIfNeeded } from './build.mjs';
import { exitWith, ROOT, run } from './run.mjs';
import { appNode, setUp, toolScript } from './set-up.mjs';

const TESTS = ['test/e2e/desktop.test.ts', 'test/e2e/packaged.test.ts'];

/*
 * `npm run smoke:electron`: the app in a real Electron, as it is built and as it is packaged. `STORMLET_ELECTRON_DIST` names the unpacked one to take;
 * with `STORMLET_REQUIRE_ELECTRON=1` it is the one among the dependencies, and must be there.
 */
await exitWith(async () => {
  const { STORMLET_ELECTRON_DIST: dist, STORMLET_REQUIRE_ELECTRON: required } = process.env;
  if (required !== '1' && (!dist || !existsSync(dist))) {
    const why = dist ? `there is no ${dist}` : '`STORMLET_ELECTRON_DIST` names no unpacked Electron';
    process.stdout.write(`skipped: ${why}\n`);
    return 0;
  }
  await setUp();
  await buildIfNeeded();
  const [command, ...args] = [...display(), appNode(), toolScript('vitest'), 'run', ...TESTS];
  return run(command ?? appNode(), args, { cwd: ROOT });
});

/** On Linux it gets a screen and a session bus of its own, so that it neither needs nor disturbs a desktop. */
function display() {
  if (process.platform !== 'linux') return [];
  return ['dbus-run-session', '--', 'xvfb-run', '--auto-servernum', '--server-args=-screen 0 1600x1000x24'];
}
