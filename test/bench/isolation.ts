import { readdir, readFile } from 'node:fs/promises';
import type { Client } from '../../main/contract/rpc.ts';
import type { EventFile, EventPath } from './event-path.ts';
import { median, type Spread, spread } from './statistics.ts';

/**
 * What isolation costs: the same two actions in each way that their process may come to be, taken in turn within each
 * round. The one does nothing, the other imports `requests` and `yaml`.
 */
const WAYS = { forked: 'fork', standby: 'standby', cold: 'cold' } as const;
type Way = keyof typeof WAYS;

const FILES: Readonly<Record<string, EventFile>> = {
  'does nothing': '/tmp/notes.md',
  'imports requests + yaml': '/tmp/page.html',
};

type Figures = { readonly latency: Spread; readonly saturated: number };
type Round = Record<string, Figures>;

/** As measured for StackStorm 3.10dev: its whole pipeline, quiet logs. */
const STACKSTORM = { latencyMs: 440, perSecond: 4.4 };

export async function benchIsolation(
  app: { readonly client: Client; readonly home: string },
  events: EventPath,
  size: { readonly rounds: number; readonly perRound: number },
): Promise<string[][]> {
  const rounds: Round[] = [];
  let memory = Number.NaN;
  for (let at = 0; at < size.rounds; at++) {
    const round: Round = {};
    for (const way of ['forked', 'standby', 'cold'] as const) {
      await app.client.settings.update({ python: { isolation: WAYS[way] } });
      for (const [what, file] of Object.entries(FILES)) {
        await warmUp(events, way, file);
        round[`${way} ${what}`] = await measure(events, way, file, size.perRound);
      }
      if (way === 'forked') memory = await serverMemory(app.home);
    }
    rounds.push(round);
  }
  await app.client.settings.update({ python: { isolation: 'auto' } });
  return [
    ...Object.keys(FILES).flatMap((what) => rowsOf(rounds, what)),
    ['memory of the warm interpreter, both imported (PSS)', `${memory.toFixed(1)} MB`],
  ];
}

async function measure(events: EventPath, way: Way, file: EventFile, count: number): Promise<Figures> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const { ms, isolation } = await events.caused(file);
    if (isolation === undefined) throw new Error('an action failed');
    // A pool that is empty falls back to cold: as it would for a user, so that counts for the standby figures.
    if (way === 'forked' && isolation !== 'forked') throw new Error(`an action was run ${isolation}, not forked`);
    times.push(ms);
  }
  // Enough of them to take a few tenths of a second in each way.
  const many = way === 'forked' ? count * 4 : Math.max(32, count);
  return { latency: spread(times), saturated: await events.saturate(many, 16, file) };
}

/** Until it is run as wanted, and long enough for what it imports to be learned. */
async function warmUp(events: EventPath, way: Way, file: EventFile): Promise<void> {
  const until = performance.now() + (way === 'forked' ? 2500 : 300);
  for (let isWarm = false; !isWarm || performance.now() < until; ) {
    isWarm = (await events.caused(file)).isolation === way;
    // The base environment, which holds the modules, is built when the app is first started.
    if (performance.now() > until + 120_000) throw new Error(`no action is run ${way}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function rowsOf(rounds: readonly Round[], what: string): string[][] {
  const figure = (way: Way, pick: (figures: Figures) => number) =>
    median(rounds.map((round) => pick(round[`${way} ${what}`] ?? NOTHING)));
  const ratio = (way: Way) =>
    median(
      rounds.map(
        (round) => (round[`cold ${what}`] ?? NOTHING).latency.p50 / (round[`${way} ${what}`] ?? NOTHING).latency.p50,
      ),
    );
  return (Object.keys(WAYS) as Way[]).map((way) => {
    const p50 = figure(way, (figures) => figures.latency.p50);
    const saturated = figure(way, (figures) => figures.saturated);
    return [
      `isolated action that ${what}, ${way}`,
      [
        `p50 ${p50.toFixed(1)} ms`,
        `p99 ${figure(way, (figures) => figures.latency.p99).toFixed(1)} ms`,
        `${saturated.toFixed(0)}/s`,
        `${ratio(way).toFixed(1)} × faster than cold`,
        `StackStorm (${STACKSTORM.latencyMs} ms, ${STACKSTORM.perSecond}/s): ${(STACKSTORM.latencyMs / p50).toFixed(0)} ×, ${(saturated / STACKSTORM.perSecond).toFixed(0)} ×`,
      ].join(', '),
    ];
  });
}

const NOTHING: Figures = {
  latency: { p50: Number.NaN, p99: Number.NaN, min: Number.NaN, count: 0 },
  saturated: Number.NaN,
};

/** Megabytes of the memory that is its own and its share of what it shares. */
async function serverMemory(home: string): Promise<number> {
  const sizes: number[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.startsWith(home) || !command.includes('--serve')) continue;
    const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    sizes.push(Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? Number.NaN) / 1024);
  }
  return Math.max(...sizes);
}
