import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './run.mjs';
import { appNode } from './set-up.mjs';

/**
 * What this machine lacks for a window, as the rest of a sentence; undefined when it should work.
 * @param {{
 *   platform: string, env: Record<string, string | undefined>, isRoot: boolean, args: readonly string[],
 *   namespaces: 'allowed' | 'forbidden',
 * }} machine
 * @returns {string | undefined}
 */
export function desktopObstacle({ platform, env, isRoot, args, namespaces }) {
  if (platform !== 'linux') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display (`DISPLAY` and `WAYLAND_DISPLAY` are not set)';
  if (args.includes('--no-sandbox')) return undefined;
  if (isRoot) return 'Electron refuses to run as root (`npm start -- --no-sandbox` lets it, without its sandbox)';
  if (namespaces === 'forbidden') {
    return 'this system forbids the user namespaces of its sandbox (`npm start -- --no-sandbox` does without)';
  }
  return undefined;
}

/** This machine, for `desktopObstacle`. @param {readonly string[]} args */
export function thisMachine(args) {
  const { platform, env } = process;
  return { platform, env, args, isRoot: process.getuid?.() === 0, namespaces: userNamespaces() };
}

/**
 * Chromium's sandbox needs user namespaces where its helper program is not set-uid root, as in `node_modules` it never is.
 * @returns {'allowed' | 'forbidden'}
 */
function userNamespaces() {
  const isSet = (/** @type {string} */ name, /** @type {string} */ value) => {
    const file = path.join('/proc/sys/kernel', name);
    return existsSync(file) && readFileSync(file, 'utf8').trim() === value;
  };
  const forbidden = isSet('unprivileged_userns_clone', '0') || isSet('apparmor_restrict_unprivileged_userns', '1');
  return forbidden ? 'forbidden' : 'allowed';
}

/**
 * Electron's program file where there is one.
 * @param {string} root
 * @param {Record<string, string | undefined>} env
 * @returns {string | undefined}
 */
export function findElectron(root, env) {
  const folder = path.join(root, 'node_modules', 'electron');
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH || path.join(folder, 'dist');
  const file = path.join(dist, PROGRAM[process.platform] ?? 'electron');
  return existsSync(file) ? file : undefined;
}

/** @type {Record<string, string>} */
const PROGRAM = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** Without a byte for this long, the download is given up. Electron's own downloader would wait for ever. */
const STALL_LIMIT_MS = 20_000;

/**
 * Downloads Electron's program file, which its npm package leaves to the first start.
 * @param {{ installer?: string, stallLimitMs?: number }} [options]
 * @returns {Promise<string | undefined>} why it failed, in a few words
 */
export async function downloadElectron(options = {}) {
  const { installer = path.join(ROOT, 'node_modules', 'electron', 'install.js'), stallLimitMs = STALL_LIMIT_MS } =
    options;
  const folder = mkdtempSync(path.join(tmpdir(), 'stormlet-electron-'));
  // The downloader works in the temporary folder that it is told of, and unpacks beside itself: both show its progress.
  const watched = [folder, path.join(path.dirname(installer), 'dist')];
  try {
    return await runWhileGrowing([appNode(), installer], folder, watched, stallLimitMs);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {[string, string]} command
 * @param {string} temporary
 * @param {string[]} watched
 * @param {number} stallLimitMs
 * @returns {Promise<string | undefined>}
 */
function runWhileGrowing([program, script], temporary, watched, stallLimitMs) {
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' };
  const child = spawn(program, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    let size = -1;
    let grownAt = Date.now();
    const timer = setInterval(
      () => {
        const now = watched.reduce((sum, folder) => sum + sizeOf(folder), 0);
        if (now !== size) grownAt = Date.now();
        size = now;
        if (Date.now() - grownAt < stallLimitMs) return;
        child.kill('SIGKILL');
        settle(`no progress for ${Math.round(stallLimitMs / 1000)} s`);
      },
      Math.min(500, stallLimitMs / 2),
    );
    const settle = (/** @type {string | undefined} */ why) => {
      clearInterval(timer);
      resolve(why);
    };
    child.once('error', (error) => settle(error.message));
    child.once('close', (code) => settle(code === 0 ? undefined : reasonIn(errors)));
  });
}

/** Node prints where an error was thrown first, then the error, then what caused it. @param {string} text */
function reasonIn(text) {
  const reason = /\[cause\]: (.+)/.exec(text) ?? /^\w*Error: (.+)/m.exec(text) ?? /(.+)/.exec(text);
  return (reason?.[1] ?? 'its installer gave no reason').slice(0, 200);
}

/**
 * Bytes of all files below a folder; none where there is no folder.
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const name = path.join(folder, entry.name);
      return sum + (entry.isDirectory() ? sizeOf(name) : statSync(name).size);
    }, 0);
  } catch {
    // Files come and go while we look.
    return 0;
  }
}
