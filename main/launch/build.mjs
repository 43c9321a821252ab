import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError, ROOT, run, runQuietly } from './run.mjs';
import { appNode, toolScript } from './set-up.mjs';

/**
 * Builds `out/` when its sources have changed since it was built.
 * @param {{ quiet?: boolean }} [options]
 */
export async function buildIfNeeded({ quiet = false } = {}) {
  if (isBuilt(ROOT)) return;
  if (!quiet) process.stderr.write('Building, which takes a few seconds …\n');
  if ((await build({ quiet: true })) !== 0) throw new LaunchError('the app could not be built; the reason is above');
}

/**
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<number>} the exit code
 */
export async function build({ quiet = false } = {}) {
  // Taken first: what is edited while the build runs counts as changed since.
  const stamp = sourceStamp(ROOT);
  const args = [toolScript('electron-vite'), 'build'];
  const code = await (quiet ? runQuietly : run)(appNode(), args, { cwd: ROOT });
  if (code === 0) writeStamp(ROOT, stamp);
  return code;
}

/** @param {string} root */
export function isBuilt(root) {
  const file = stampFile(root);
  return existsSync(file) && readFileSync(file, 'utf8') === sourceStamp(root);
}

/**
 * @param {string} root
 * @param {string} stamp
 */
export function writeStamp(root, stamp) {
  mkdirSync(path.dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), stamp);
}

const SOURCES = ['main', 'preload', 'renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
/** Part of `main/`, but not of any bundle. */
const UNBUNDLED = [path.join('main', 'python'), path.join('main', 'launch'), path.join('main', 'README.md')];

/**
 * A digest of all that the build reads. By content, because a checkout changes times without changing anything.
 * @param {string} root
 */
export function sourceStamp(root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesBelow(root, source))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} root */
function stampFile(root) {
  return path.join(root, 'out', '.built-from');
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string[]}
 */
function filesBelow(root, name) {
  const stats = statSync(path.join(root, name), { throwIfNoEntry: false });
  if (!stats || UNBUNDLED.includes(name)) return [];
  if (!stats.isDirectory()) return [name];
  const entries = readdirSync(path.join(root, name)).sort();
  return entries.flatMap((entry) => filesBelow(root, path.join(name, entry)));
}
