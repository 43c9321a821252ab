import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from './build.mjs';
import { exitWith, ROOT, run } from './run.mjs';
import { appNode, setUp, toolScript } from './set-up.mjs';

/** @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Tally */

await exitWith(async () => {
  const args = process.argv.slice(2);
  const isQuick = args.includes('--quick');
  const filters = args.filter((arg) => arg !== '--quick');
  await setUp();
  /** @type {Tally[]} */
  const tallies = [await step('types', types), await step('lint', lint)];
  if (!isQuick) tallies.push(await step('build', () => build()));
  tallies.push(await tests(isQuick ? ['test/architecture.test.ts', 'test/lockfile.test.ts'] : filters));
  return summarize(tallies);
});

async function types() {
  const projects = ['tsconfig.json', 'renderer/tsconfig.json', 'test/renderer/tsconfig.json'];
  let worst = 0;
  for (const project of projects) worst = Math.max(worst, await tool('typescript', ['-p', project], 'tsc'));
  return worst;
}

function lint() {
  // Biome colours a file or a pipe too.
  return tool('@biomejs/biome', ['ci', ...(process.stdout.isTTY ? [] : ['--colors=off'])]);
}

/**
 * @param {string} name
 * @param {() => Promise<number>} work
 * @returns {Promise<Tally>}
 */
async function step(name, work) {
  process.stdout.write(`\n── ${name}\n`);
  const passed = (await work()) === 0;
  process.stdout.write(`${name}: ${passed ? 'passed' : 'FAILED'}\n`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] };
}

/**
 * @param {readonly string[]} filters
 * @returns {Promise<Tally>}
 */
async function tests(filters) {
  process.stdout.write('\n── tests\n');
  const folder = mkdtempSync(path.join(tmpdir(), 'stormlet-tally-'));
  const file = path.join(folder, 'tally.json');
  try {
    const env = { ...process.env, STORMLET_TALLY: file };
    const code = await tool('vitest', ['run', ...filters], 'vitest', env);
    const tally = readTally(file);
    // Also when it failed for a reason that no test stands for, as with a filter that finds nothing.
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {string} [command]
 * @param {NodeJS.ProcessEnv} [env]
 */
function tool(name, args, command, env = process.env) {
  return run(appNode(), [toolScript(name, command), ...args], { cwd: ROOT, env });
}

/**
 * @param {string} file
 * @returns {Tally}
 */
function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {number} the exit code
 */
function summarize(tallies) {
  const skipped = tallies.flatMap((tally) => tally.skipped);
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  const lines = skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}\n`);
  process.stdout.write(`\n${lines.join('')}${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  return failed > 0 ? 1 : 0;
}
