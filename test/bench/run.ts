import { execFile } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { setup } from '../support/shared-tools.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { EventPath } from './event-path.ts';
import { benchFlood } from './flood.ts';
import { benchIsolation } from './isolation.ts';
import { measurePackInstall } from './pack-install.ts';
import { measureSaveToLive } from './save-to-live.ts';
import { median, type Spread, spread } from './statistics.ts';

/**
 * `npm run bench` and, in about a minute, `npm run bench -- quick`: the product's own path over MQTT, from an event to the
 * announced result of an isolated Python action, and from a saved file to its effect, with history, schema checks and output streaming on. Absolute times mean
 * little on a shared machine, so each is set against a bare interpreter that is started in turn with it.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const quick = positionals.includes('quick');
const rounds = quick ? 3 : 5;
const perRound = quick ? 30 : 100;
const run = promisify(execFile);

await setup();
await using home = await tempFolder();
await using app = await startHeadlessApp(home.path);
const installed = await stormlet(app, 'pack', 'install', path.resolve('test/bench/pack'));
if (installed.exitCode !== 0) throw new Error(installed.stderr);
const python = path.join(home.path, 'data/virtualenvs/bench/bin/python');
await using events = await EventPath.connect((await app.client.bus.url({})).url);

// The first of each pays for file caches and compiled bytecode.
for (let warm = 0; warm < 5; warm++) await Promise.all([events.once(), bareInterpreter()]);
const measured: { path: Spread; bare: Spread; saturated: number }[] = [];
for (let round = 0; round < rounds; round++) {
  const path = await repeat(perRound, () => events.once());
  const bare = await repeat(perRound, bareInterpreter);
  const saturated = await events.saturate(perRound * 2, 16);
  measured.push({ path: spread(path), bare: spread(bare), saturated });
}
const floods = await benchFlood(app, { rounds: quick ? 2 : 5, events: quick ? 8000 : 40_000 });
const saves = await measureSaveToLive(app, quick ? 20 : 100);
const isolation = await benchIsolation(app, events, { rounds: quick ? 2 : 5, perRound: quick ? 30 : 100 });
const installs = await measurePackInstall(quick ? 3 : 7);
print();

function print(): void {
  const of = (pick: (round: (typeof measured)[number]) => number) => median(measured.map(pick));
  const ratio = of(({ path, bare }) => path.p50 / bare.p50);
  const rows = [
    [
      'event → rule → isolated Python action → result',
      `p50 ${ms(of((r) => r.path.p50))}, p99 ${ms(of((r) => r.path.p99))}`,
    ],
    ['bare `python -I -c pass`, started in turn', `p50 ${ms(of((r) => r.bare.p50))}, p99 ${ms(of((r) => r.bare.p99))}`],
    ['ratio of the two, p50', `${ratio.toFixed(2)} ×`],
    ['saturated, 16 events in flight', `${of((r) => r.saturated).toFixed(0)} actions/s`],
    ...floods,
    ...(['rule', 'action', 'sensor'] as const).map((what) => [
      `${what} saved → live, in a pack of 2,000 files`,
      `p50 ${ms(saves[what].p50)}, p99 ${ms(saves[what].p99)}`,
    ]),
    ...isolation,
    ['virtualenv with 3 packages, wheels at hand, by uv', `p50 ${ms(installs.uv.p50)}`],
    ['the same by venv and pip, in turn with it', `p50 ${ms(installs.pip.p50)}`],
    ['ratio of the two, p50', `${(installs.pip.p50 / installs.uv.p50).toFixed(1)} ×`],
  ];
  console.log(
    `node ${process.version}, ${os.cpus().length} cores, ${rounds} rounds of ${perRound}; medians of the rounds\n`,
  );
  for (const [what, figure] of rows) console.log(`| ${what} | ${figure} |`);
}

async function repeat(count: number, work: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await work());
  return times;
}

async function bareInterpreter(): Promise<number> {
  const started = performance.now();
  await run(python, ['-I', '-c', 'pass']);
  return performance.now() - started;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
