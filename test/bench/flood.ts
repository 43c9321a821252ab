import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { triggerTopic } from '../../main/contract/topics.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { needs } from '../support/needs.ts';
import { RawPublisher } from '../support/raw-publisher.ts';
import { until } from '../support/until.ts';
import { median } from './statistics.ts';

/**
 * How many events a second are taken from four publishers at QoS 1: by the app, which checks, records and judges each,
 * beside brokers that only acknowledge. All in turn within each round.
 */
export async function benchFlood(
  app: { readonly client: Client },
  size: { readonly rounds: number; readonly events: number },
): Promise<string[][]> {
  const { url } = await app.client.bus.url({});
  const program = needs('mosquitto');
  await using bare = await startBareAedes();
  await using mosquitto = program.skip ? undefined : await startMosquitto(program.path);
  const figures: { ours: number; judged: number; bare: number; mosquitto: number }[] = [];
  for (let round = 0; round < size.rounds; round++) {
    const started = performance.now();
    const ours = await flood(url, size.events);
    await until('every event is judged', async () => (await pending(app.client)) === 0, 120_000);
    const judged = size.events / ((performance.now() - started) / 1000);
    const other = mosquitto ? await flood(mosquitto.url, size.events) : Number.NaN;
    figures.push({ ours, judged, bare: await flood(bare.url, size.events), mosquitto: other });
  }
  const of = (pick: (figure: (typeof figures)[number]) => number) => median(figures.map(pick));
  const [ours, judged] = [of((f) => f.ours), of((f) => f.judged)];
  return [
    ['events recorded and acknowledged, QoS 1, four publishers', `${ours.toFixed(0)} /s`],
    ['the same until every rule has judged them', `${judged.toFixed(0)} /s`],
    ...compared(
      'bare aedes, which only acknowledges',
      of((f) => f.bare),
      ours,
    ),
    ...(mosquitto
      ? compared(
          'Mosquitto, which only acknowledges',
          of((f) => f.mosquitto),
          ours,
        )
      : []),
  ];
}

function compared(peer: string, theirs: number, ours: number): string[][] {
  return [[peer, `${theirs.toFixed(0)} /s; the app takes ${(ours / theirs).toFixed(2)} × that`]];
}

const TOPIC = triggerTopic('bench.event' as ResourceRef);
const PUBLISHERS = 4;

async function flood(url: string, events: number): Promise<number> {
  const run = randomUUID();
  const publishers = await Promise.all(
    Array.from({ length: PUBLISHERS }, (_, index) => RawPublisher.connect(url, `flood-${run}-${index}`)),
  );
  const each = events / PUBLISHERS;
  const message = (publisher: number) => (n: number) =>
    JSON.stringify({ id: `flood-${run}-${publisher}-${n}`, payload: { kind: 'other', path: '/tmp/notes.txt' } });
  const started = performance.now();
  await Promise.all(publishers.map((publisher, index) => publisher.publish(TOPIC, each, 200, message(index))));
  const seconds = (performance.now() - started) / 1000;
  for (const publisher of publishers) publisher[Symbol.dispose]();
  return events / seconds;
}

async function pending(client: Client): Promise<number> {
  return (await client.triggers.page({ status: ['pending'], limit: 1 })).items.length;
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
