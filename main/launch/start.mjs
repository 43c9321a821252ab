import path from 'node:path';
import { buildIfNeeded } from './build.mjs';
import { desktopObstacle, downloadElectron, findElectron, thisMachine } from './electron.mjs';
import { exitWith, ROOT, run } from './run.mjs';
import { appNode, setUp } from './set-up.mjs';

/** Switches that mean something to Electron only. */
const DESKTOP_SWITCHES = ['--no-sandbox', '--disable-gpu', '--hidden'];

await exitWith(async () => {
  const args = process.argv.slice(2);
  await setUp();
  await buildIfNeeded();
  const electron = args.includes('--headless') ? undefined : await desktop(args);
  if (electron) return run(electron, [ROOT, ...args]);
  const passedOn = args.filter((arg) => arg !== '--headless' && !DESKTOP_SWITCHES.includes(arg));
  // What is built starts sooner than the sources and takes a quarter less memory.
  return run(appNode(), [path.join(ROOT, 'out', 'main', 'cli.js'), 'start', '--headless', ...passedOn]);
});

/**
 * The program that opens the window; where there is none, says why.
 * @param {readonly string[]} args
 */
async function desktop(args) {
  const obstacle = desktopObstacle(thisMachine(args));
  if (obstacle) return declineWindow(obstacle);
  const found = findElectron(ROOT, process.env);
  if (found) return found;
  process.stderr.write('Downloading Electron …\n');
  const failure = await downloadElectron();
  return findElectron(ROOT, process.env) ?? declineWindow(`Electron could not be downloaded: ${failure}`);
}

/** @param {string} why */
function declineWindow(why) {
  process.stderr.write(`No window of its own here, because ${why}; the app serves the same window to a browser.\n`);
  return undefined;
}
