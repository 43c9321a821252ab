import { randomUUID } from 'node:crypto';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { triggerTopic } from '../../main/contract/topics.ts';
import { startHeadlessApp } from '../support/headless-app.ts';
import { RawPublisher } from '../support/raw-publisher.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Outcome, outcome } from './goals.ts';
import { installPack, writeManyRules } from './packs.ts';
import { median } from './statistics.ts';

/** G16: the app is killed in the middle of a storm and started again; every acknowledged event is there, every action ran once. */
export async function measureKill(rounds: number): Promise<Outcome> {
  const found = { lost: 0, twice: 0, ready: [] as number[], acknowledged: 0 };
  for (let round = 0; round < rounds; round++) {
    const { lost, twice, readySeconds, acknowledged } = await killOnce();
    found.lost += lost;
    found.twice += twice;
    found.ready.push(readySeconds);
    found.acknowledged += acknowledged;
  }
  const ready = median(found.ready);
  return outcome('G16', [{ who: 'ready again', p50: ready * 1000 }], { lost: found.lost, twice: found.twice, ready }, [
    `${found.acknowledged} events were acknowledged before ${rounds} kills`,
  ]);
}

const EVENTS = 4000;
const KILL_AFTER = 1500;

async function killOnce() {
  await using home = await tempFolder();
  const before = await startHeadlessApp(home.path, { isBuilt: true });
  await installPack(before, await writeManyRules(home.path));
  const { url } = await before.client.bus.url({});
  using publisher = await RawPublisher.connect(url, randomUUID());
  const topic = triggerTopic('many.event' as ResourceRef);
  let asked = 0;
  const message = () => {
    asked += 1;
    return JSON.stringify({ id: randomUUID(), payload: { kind: 'kind42', path: '/tmp/notes.md' } });
  };
  const publishing = publisher.publish(topic, EVENTS, 100, message).catch((error: unknown) => error);
  await until('the storm is under way', () => asked >= KILL_AFTER);
  await before.kill();
  // Its words tell how many were acknowledged.
  const acknowledged = Number(/after (\d+) messages/.exec(String(await publishing))?.[1] ?? EVENTS);
  const started = performance.now();
  await using after = await startHeadlessApp(home.path, { isBuilt: true });
  await after.client.engine.status();
  const readySeconds = (performance.now() - started) / 1000;
  await until('all is done', async () => (await open(after.client)) === 0, 60_000);
  const events = await allOf((before) =>
    after.client.triggers.page({ trigger: 'many.event' as ResourceRef, limit: 500, ...before }),
  );
  const runs = await allOf((before) => after.client.executions.page({ limit: 500, ...before }));
  const counts = new Map<string, number>();
  for (const { context } of runs) {
    const of = context.triggerInstance;
    if (of !== undefined) counts.set(of, (counts.get(of) ?? 0) + 1);
  }
  const served = events.filter(({ id }) => counts.has(id)).length;
  return {
    lost: Math.max(0, acknowledged - served),
    twice: [...counts.values()].filter((count) => count > 1).length,
    ...{ readySeconds, acknowledged },
  };
}

async function open(client: Client): Promise<number> {
  const { items } = await client.triggers.page({ status: ['pending'], limit: 1 });
  const { running, waiting } = await client.engine.status();
  return items.length + running + waiting;
}

type Page<Item> = { readonly items: Item[]; readonly next?: string | undefined };

async function allOf<Item>(page: (from: { before?: string }) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const { items, next: after }: Page<Item> = await page(next === '' ? {} : { before: next });
    all.push(...items);
    next = after;
  }
  return all;
}
