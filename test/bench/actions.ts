import type { HeadlessApp } from '../support/headless-app.ts';
import { type EventFile, type EventPath, NOOP, WEB } from './event-path.ts';
import { type Measured, type Outcome, outcome, STACKSTORM } from './goals.ts';
import type { NodeRed } from './node-red.ts';
import { findBelow, processUsage, treeUsage } from './process-tree.ts';
import { median, pause, type QuietMachine, repeat, saturate, spread } from './statistics.ts';

/**
 * G1 to G5: from an event to the result of an isolated Python action, in each way that its process may come to be, and
 * beside Node-RED; all in turn within each round. Events come 20 ms apart, as they do not on a workstation, where they come
 * seldom: closer together the processors never sleep, which flatters everybody.
 */
export type ActionStage = {
  readonly app: HeadlessApp;
  readonly events: EventPath;
  readonly nodeRed: NodeRed | undefined;
  readonly quiet: QuietMachine;
};

type Size = { readonly rounds: number; readonly events: number };
type Figures = { readonly p50: number; readonly p99: number; readonly perSecond: number; readonly cpuMs: number };
type Round = Readonly<Record<string, Figures>>;

const WAYS = { forked: 'fork', standby: 'standby', cold: 'cold' } as const;
type Way = keyof typeof WAYS;

const GAP_MS = 20;
/** A start takes the time of two gaps, and one that stands by is replaced after each action. The cold ones beside it as well. */
const STANDBY_GAP_MS = 80;
const IN_FLIGHT = 16;
const WARM_EVENTS = 400;

export async function measureActions(
  stage: ActionStage,
  size: Size,
): Promise<{ outcomes: Outcome[]; webMegabytes: number }> {
  const rounds: Round[] = [];
  // Both have been at work for a while.
  await saturate(WARM_EVENTS, IN_FLIGHT, () => stage.events.caused(NOOP));
  await saturate(WARM_EVENTS / 4, IN_FLIGHT, async () => stage.nodeRed?.once('exec'));
  let warmMegabytes = Number.NaN;
  for (let at = 0; at < size.rounds; at++) {
    const round: Record<string, Figures> = {};
    await use(stage, 'forked');
    await stage.quiet.wait();
    round.forked = await measure(stage, 'forked', NOOP, size.events);
    round.close = await latencies(stage, NOOP, size.events, 0);
    if (stage.nodeRed) round.nodeRed = await measureNodeRed(stage.nodeRed, size.events);
    round.forkedWeb = await measure(stage, 'forked', WEB, size.events);
    warmMegabytes = serverMegabytes(stage.app.pid);
    await use(stage, 'standby');
    round.standby = await measure(stage, 'standby', NOOP, size.events, STANDBY_GAP_MS);
    await use(stage, 'cold');
    round.cold = await measure(stage, 'cold', NOOP, size.events, STANDBY_GAP_MS);
    round.coldWeb = await measure(stage, 'cold', WEB, Math.ceil(size.events / 2));
    rounds.push(round);
  }
  await stage.app.client.settings.update({ python: { isolation: 'auto' } });
  return { outcomes: outcomes(rounds, warmMegabytes), webMegabytes: warmMegabytes };
}

function outcomes(rounds: readonly Round[], warmMegabytes: number): Outcome[] {
  const of = (name: string, pick: (figures: Figures) => number) =>
    median(rounds.flatMap((round) => (round[name] ? [pick(round[name])] : [])));
  const ratio = (slow: string, fast: string, pick: (figures: Figures) => number) =>
    median(rounds.flatMap((r) => (r[slow] && r[fast] ? [pick(r[slow]) / pick(r[fast])] : [])));
  const seen = (who: string, name: string): Measured[] =>
    rounds[0]?.[name]
      ? [{ who, p50: of(name, p50), p99: of(name, p99), perSecond: of(name, perSecond), cpuMs: of(name, cpuMs) }]
      : [];
  const [forked, nodeRed] = [seen('Stormlet', 'forked'), seen('Node-RED', 'nodeRed')];
  const close = `without a pause between the events: p50 ${of('close', p50).toFixed(1)} ms, p99 ${of('close', p99).toFixed(1)} ms`;
  const warm = `the warm interpreter with both imported, and the child that waits: ${warmMegabytes.toFixed(1)} MB (PSS)`;
  return [
    outcome('G1', [...forked, STACKSTORM], { stackstorm: (STACKSTORM.p50 ?? 0) / of('forked', p50) }, [close]),
    outcome('G2', [...forked, ...nodeRed], {
      p50: ratio('nodeRed', 'forked', p50),
      p99: ratio('nodeRed', 'forked', p99),
    }),
    outcome(
      'G3',
      [...seen('Stormlet', 'forkedWeb'), ...seen('cold', 'coldWeb')],
      { cold: ratio('coldWeb', 'forkedWeb', p50) },
      [warm],
    ),
    outcome('G4', [...forked, ...nodeRed, STACKSTORM], {
      stackstorm: of('forked', perSecond) / (STACKSTORM.perSecond ?? 1),
      nodeRed: ratio('forked', 'nodeRed', perSecond),
    }),
    outcome('G5', [...seen('on standby', 'standby'), ...seen('cold', 'cold')], { cold: ratio('cold', 'standby', p50) }),
  ];
}

const p50 = (figures: Figures) => figures.p50;
const p99 = (figures: Figures) => figures.p99;
const perSecond = (figures: Figures) => figures.perSecond;
const cpuMs = (figures: Figures) => figures.cpuMs;

async function measure(
  stage: ActionStage,
  way: Way,
  file: EventFile,
  events: number,
  gapMs = GAP_MS,
): Promise<Figures> {
  await warmUp(stage, way, file);
  const spaced = await latencies(stage, file, events, gapMs, way);
  const many = way === 'forked' ? events * 16 : events;
  const cpuBefore = treeUsage(stage.app.pid).cpuMs;
  const rate = await saturate(many, IN_FLIGHT, () => stage.events.caused(file));
  return { ...spaced, perSecond: rate, cpuMs: (treeUsage(stage.app.pid).cpuMs - cpuBefore) / many };
}

async function latencies(stage: ActionStage, file: EventFile, events: number, gapMs: number, way?: Way) {
  const once = async () => {
    const { ms, isolation } = await stage.events.caused(file);
    // One that stands by may be missing, as it would for a user: the action that ran cold counts.
    if (way === 'forked' && isolation !== way) throw new Error(`an action was run ${isolation}, not ${way}`);
    return ms;
  };
  const found = spread(await repeat(events, once, gapMs));
  return { p50: found.p50, p99: found.p99, perSecond: Number.NaN, cpuMs: Number.NaN };
}

async function measureNodeRed(nodeRed: NodeRed, events: number): Promise<Figures> {
  const found = spread(await repeat(events, () => nodeRed.once('exec'), GAP_MS));
  const cpuBefore = treeUsage(nodeRed.pid).cpuMs;
  const rate = await saturate(events, IN_FLIGHT, () => nodeRed.once('exec'));
  return {
    p50: found.p50,
    p99: found.p99,
    perSecond: rate,
    cpuMs: (treeUsage(nodeRed.pid).cpuMs - cpuBefore) / events,
  };
}

async function use({ app }: ActionStage, way: Way): Promise<void> {
  await app.client.settings.update({ python: { isolation: WAYS[way] } });
}

/** Until it is run as wanted, and long enough for what it imports to be learned. */
async function warmUp({ events }: ActionStage, way: Way, file: EventFile): Promise<void> {
  const until = performance.now() + (way === 'cold' ? 100 : 2500);
  for (let isWarm = false; !isWarm || performance.now() < until; ) {
    isWarm = (await events.caused(file)).isolation === way;
    // The base environment, which holds the modules, is built when the app is first started.
    if (performance.now() > until + 120_000) throw new Error(`no action is run ${way}`);
    await pause(50);
  }
}

/** The largest, where an old one is still at its end. */
export function serverMegabytes(app: number): number {
  const servers = findBelow(app, 'python_action_wrapper.py', '--serve');
  return Math.max(...servers.map((pid) => processUsage(pid).pssMb));
}
