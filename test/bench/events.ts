import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import path from 'node:path';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { triggerTopic } from '../../main/contract/topics.ts';
import { compileRule } from '../../main/rules/compile-rule.ts';
import { compileRuleSet, judgeRules } from '../../main/rules/rule-set.ts';
import type { HeadlessApp } from '../support/headless-app.ts';
import { testRule } from '../support/rules.ts';
import { until } from '../support/until.ts';
import { type Outcome, outcome, RULEBOOK } from './goals.ts';
import { acknowledgement, deliverAll, type Load, publishAll } from './load.ts';
import type { NodeRed } from './node-red.ts';
import { median, type QuietMachine } from './statistics.ts';

/**
 * G6, G7, G13, G14: how many events are taken in, recorded and judged, beside brokers that only acknowledge and flows that
 * record nothing. All in turn within each round.
 */
export type EventStage = {
  readonly app: HeadlessApp;
  readonly nodeRed: NodeRed | undefined;
  /** Where Node-RED listens; undefined where there is no Mosquitto. */
  readonly mosquitto: string | undefined;
  readonly quiet: QuietMachine;
};

type Figures = Record<
  | ('taken' | 'judged' | 'matched' | 'done' | 'ack' | 'bus0' | 'bus1')
  | ('nodeRed' | 'bare0' | 'bare1' | 'mosquitto0' | 'mosquitto1' | 'mosquittoAck'),
  number
>;

export async function measureEvents(stage: EventStage, size: { rounds: number; events: number }): Promise<Outcome[]> {
  const { app, nodeRed, mosquitto, quiet } = stage;
  const { url } = await app.client.bus.url({});
  await using bare = await startBareAedes();
  const to = (address: string, events: number): Load => ({ ...LOAD, url: address, events });
  // What a device of the user has: it may publish and hear its topics, and no event comes of them.
  const key = await app.client.bus.createKey({ name: 'bench', topics: [PLAIN] });
  const plain = (address: string): Load => ({ ...to(address, size.events), topic: PLAIN });
  const rounds: Figures[] = [];
  const matching = (events: number): Load => ({ ...to(url, events), message: eventOf('kind42') });
  // Both have been at work for a while.
  await flood(app, matching(size.events / 4));
  if (nodeRed && mosquitto) await throughFunction(nodeRed, to(mosquitto, size.events / 4));
  for (let round = 0; round < size.rounds; round++) {
    await quiet.wait();
    const none = await flood(app, to(url, size.events));
    const one = await flood(app, matching(size.events / 2));
    rounds.push({
      ...{ taken: none.taken, judged: none.judged, matched: one.judged, done: one.done },
      nodeRed: nodeRed && mosquitto ? await throughFunction(nodeRed, to(mosquitto, size.events / 2)) : Number.NaN,
      bus0: await deliverAll(plain(key.url)),
      bus1: await publishAll(plain(key.url)),
      bare0: await deliverAll(plain(bare.url)),
      bare1: await publishAll(plain(bare.url)),
      mosquitto0: mosquitto ? await deliverAll(plain(mosquitto)) : Number.NaN,
      mosquitto1: mosquitto ? await publishAll(plain(mosquitto)) : Number.NaN,
      ack: await acknowledgement(to(url, 200)),
      mosquittoAck: mosquitto ? await acknowledgement(to(mosquitto, 200)) : Number.NaN,
    });
  }
  return outcomes(rounds);
}

function outcomes(rounds: readonly Figures[]): Outcome[] {
  const of = (name: keyof Figures) => median(rounds.map((round) => round[name]));
  const ratio = (one: keyof Figures, other: keyof Figures) => median(rounds.map((round) => round[one] / round[other]));
  const alone = rulesAlone();
  const known = (who: string, figures: object) =>
    Object.values(figures).some(Number.isNaN) ? [] : [{ who, ...figures }];
  const rulebook = RULEBOOK.perSecond ?? 1;
  return [
    outcome(
      'G6',
      [{ who: 'Stormlet', perSecond: of('matched') }, ...known('Node-RED', { perSecond: of('nodeRed') }), RULEBOOK],
      { nodeRed: ratio('matched', 'nodeRed'), rulebook: of('matched') / rulebook },
      [
        `each event’s verdict and execution are recorded; with its action, which does nothing, done: ${of('done').toFixed(0)}/s`,
        `events that match none of the rules: ${of('judged').toFixed(0)}/s`,
      ],
    ),
    outcome('G7', [{ who: 'Stormlet', perSecond: alone }, RULEBOOK], { rulebook: alone / rulebook }),
    outcome(
      'G13',
      [
        { who: 'Stormlet, QoS 0', perSecond: of('bus0') },
        { who: 'Stormlet, QoS 1', perSecond: of('bus1') },
        ...known('Mosquitto, QoS 0', { perSecond: of('mosquitto0') }),
        ...known('Mosquitto, QoS 1', { perSecond: of('mosquitto1') }),
        { who: 'bare aedes, QoS 0', perSecond: of('bare0') },
        { who: 'bare aedes, QoS 1', perSecond: of('bare1') },
      ],
      { qos0: ratio('bus0', 'mosquitto0'), qos1: ratio('bus1', 'mosquitto1') },
      ['a key of the bus’s own, on a topic of its own: who may publish is checked, nothing is recorded'],
    ),
    outcome(
      'G14',
      [
        { who: 'Stormlet', perSecond: of('taken'), p50: of('ack') },
        ...known('Mosquitto, which records nothing', { p50: of('mosquittoAck') }),
      ],
      { perSecond: of('taken'), added: of('ack') - of('mosquittoAck') },
    ),
  ];
}

const eventOf = (kind: string) => (id: string) => JSON.stringify({ id, payload: { kind, path: '/tmp/notes.md' } });

/** The pack `many` has a hundred rules for this trigger, each for a kind of its own. */
const LOAD = { topic: triggerTopic('many.event' as ResourceRef), message: eventOf('other') };

const PLAIN = 'bench/plain';

/** A second: acknowledged, judged with verdict and execution recorded, and done, where a rule matched. */
async function flood({ client }: HeadlessApp, load: Load): Promise<Record<'taken' | 'judged' | 'done', number>> {
  const started = performance.now();
  const rate = () => load.events / ((performance.now() - started) / 1000);
  const taken = await publishAll(load);
  await until('every event is judged', async () => (await pending(client)) === 0, 120_000);
  const judged = rate();
  await until('every action is done', async () => (await underWay(client)) === 0, 120_000);
  return { taken, judged, done: rate() };
}

async function pending(client: Client): Promise<number> {
  return (await client.triggers.page({ status: ['pending'], limit: 1 })).items.length;
}

async function underWay(client: Client): Promise<number> {
  const { running, waiting } = await client.engine.status();
  return running + waiting;
}

/** Messages a second from the flow's entry to its end. */
async function throughFunction(nodeRed: NodeRed, load: Load): Promise<number> {
  let seen = 0;
  const all = Promise.withResolvers<void>();
  const count = () => {
    seen += 1;
    if (seen === load.events) all.resolve();
  };
  nodeRed.client.on('message', count);
  const started = performance.now();
  const message = (id: string) => JSON.stringify({ id, kind: 'kind42', path: '/tmp/notes.md' });
  await publishAll({ ...load, topic: 'bench/in/function', message });
  await all.promise;
  nodeRed.client.off('message', count);
  return load.events / ((performance.now() - started) / 1000);
}

const ALONE_MS = 500;

/** A thousand rules on one trigger, in this process, with nothing around them. */
function rulesAlone(): number {
  const rules = Array.from({ length: 1000 }, (_, n) =>
    compileRule(testRule({ name: `r${n}`, criteria: { 'trigger.kind': { type: 'eq', pattern: `kind${n}` } } })),
  );
  const set = compileRuleSet(rules);
  const at = { now: Date.now(), render: () => assert.fail('no rule has a template'), readKey: () => undefined };
  const judge = () => void judgeRules(set, { kind: 'kind42', path: '/tmp/notes.md' }, at);
  for (let warm = 0; warm < 1000; warm++) judge();
  const started = performance.now();
  let count = 0;
  for (; performance.now() - started < ALONE_MS; count += 100) for (let n = 0; n < 100; n++) judge();
  return count / ((performance.now() - started) / 1000);
}

/** In a process of its own, as the app's broker is. */
async function startBareAedes(): Promise<{ readonly url: string } & AsyncDisposable> {
  const child = fork(path.resolve('test/bench/bare-aedes.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message))));
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
