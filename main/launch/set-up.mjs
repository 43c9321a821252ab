import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LaunchError, ROOT, run, runQuietly } from './run.mjs';

/**
 * Installs the dependencies when `node_modules` is missing or older than the lock file.
 * @param {{ quiet?: boolean }} [options]
 */
export async function setUp({ quiet = false } = {}) {
  const state = installationState(ROOT);
  if (state === 'current') return;
  const why = state === 'missing' ? '`node_modules` is missing' : '`node_modules` is older than `package-lock.json`';
  process.stderr.write(`Installing the dependencies, which takes about a minute: ${why}.\n`);
  // `npm ci` begins by removing `node_modules`, which may hold the very Node that runs us: Windows would refuse that.
  const verb = state === 'missing' ? ['ci'] : ['install', '--no-save'];
  const [command, ...first] = npm();
  const args = [...first, ...verb, '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: ROOT, shell: command.endsWith('.cmd') };
  const code = await (quiet ? runQuietly(command, args, options) : run(command, args, options));
  if (code > 128) throw new LaunchError('the installation was interrupted; the next start goes on with it');
  if (code !== 0) {
    throw new LaunchError(
      `the dependencies could not be installed: npm ended with exit code ${code}`,
      'npm says why above; most often the registry cannot be reached from here',
    );
  }
}

/**
 * Compares what npm has noted down of its last installation with what the lock file asks for.
 * @param {string} root
 * @returns {'missing' | 'stale' | 'current'}
 */
export function installationState(root) {
  const installed = lockedPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'missing';
  const wanted = lockedPackages(path.join(root, 'package-lock.json')) ?? {};
  const isStale = Object.entries(wanted).some(([folder, { version, link, optional, devOptional, peer }]) => {
    if (folder === '' || link) return false;
    const found = installed[folder];
    // Optional ones are left out where they are for another platform.
    return found ? found.version !== version : !(optional || devOptional || peer);
  });
  return isStale ? 'stale' : 'current';
}

/**
 * The Node that the app runs on: the one among the dependencies, or this one where it will do.
 * @param {string} [root]
 */
export function appNode(root = ROOT) {
  const own = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new LaunchError(
    `the app needs Node 24; this is ${process.versions.node}, and the one in \`node_modules\` has no program file`,
    'npm was told not to run install scripts: `npm rebuild node` gets the file, or start with Node 24',
  );
}

/**
 * The script of a tool among the dependencies.
 * @param {string} name
 * @param {string} [command]
 */
export function toolScript(name, command = path.basename(name)) {
  const folder = path.join(ROOT, 'node_modules', ...name.split('/'));
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }> | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @returns {[string, ...string[]]} */
function npm() {
  const script = process.env.npm_execpath;
  // Another package manager may have started us; only npm reads our lock file.
  if (script && path.basename(script) === 'npm-cli.js') return [process.execPath, script];
  return process.platform === 'win32' ? ['npm.cmd'] : ['npm'];
}
