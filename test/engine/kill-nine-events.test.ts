import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { type HeadlessApp, startHeadlessApp } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

test('after a kill -9 no acknowledged message or webhook is lost, and no timer has come twice', async () => {
  await using home = await tempFolder();
  const acknowledged = new Set<number>();
  const accepted = new Set<number>();
  {
    await using app = await startHeadlessApp(home.path);
    await addRule(app, 'on_topic', 'core.mqtt', { topic: 'count/#' });
    await addRule(app, 'on_second', 'core.st2.CronTimer', { second: '*' });
    await addRule(app, 'on_hook', 'core.st2.webhook', { url: 'count' });
    const posting = postInTurn(app, accepted);
    const { url } = await app.client.bus.createKey({ name: 'device', topics: ['count/#'] });
    const bus = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
    bus.on('error', () => {});
    for (let n = 0; n < 400; n++) {
      bus.publish('count/n', String(n), { qos: 1 }, (error) => {
        if (!error) acknowledged.add(n);
      });
    }
    // In the middle of both.
    await until('a part is acknowledged, and the timer has come', async () => {
      const { items } = await app.client.executions.page({ status: ['succeeded'], limit: 500 });
      return (
        acknowledged.size > 100 &&
        accepted.size > 10 &&
        items.some(({ context }) => context.rule === 'default.on_second')
      );
    });
    await app.kill();
    bus.end(true);
    await posting;
  }
  await using again = await startHeadlessApp(home.path);
  await until('the timer goes on', async () => {
    const times = timerEvents(await everyInstance(again));
    return times.length > 1 && times.every(({ status }) => status !== 'pending');
  });
  const instances = await everyInstance(again);
  const numbers = instances
    .filter(({ source }) => source === 'device')
    .map(({ payload }) => (payload as JsonObject).payload);
  for (const n of acknowledged) expect(numbers).toContain(n);
  const posted = instances.filter(({ source }) => source === 'webhook').map(({ payload }) => payload as JsonObject);
  expect(posted.map(({ body }) => (body as JsonObject).n)).toEqual(expect.arrayContaining([...accepted]));
  // What came was not missed, also what came just before the end.
  const [missed, came] = [true, false].map((wanted) =>
    timerEvents(instances).filter(({ status }) => (status === 'refused') === wanted),
  );
  const gaps = (missed ?? []).map(({ payload }) => (payload as { missed: { first: string; last: string } }).missed);
  for (const { id } of came ?? []) {
    const due = Date.parse(id.split(':').slice(2).join(':'));
    expect(gaps.filter(({ first, last }) => Date.parse(first) <= due && due <= Date.parse(last))).toEqual([]);
  }
  const caused = (await again.client.executions.page({ limit: 500 })).items.map(
    ({ context }) => context.triggerInstance,
  );
  expect(new Set(caused).size).toBe(caused.length);
});

/** One after the other, until the app is gone. */
async function postInTurn(app: HeadlessApp, accepted: Set<number>): Promise<void> {
  const { key } = await app.client.apiKeys.create({ name: 'counter' });
  const { packs } = await app.client.api.addresses();
  const headers = { 'St2-Api-Key': key, 'Content-Type': 'application/json' };
  for (let n = 0; ; n += 1) {
    const request = { method: 'POST', headers, body: JSON.stringify({ n }) };
    const status = await fetch(`${new URL(packs).origin}/v1/webhooks/count`, request).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === undefined) return;
    if (status === 202) accepted.add(n);
  }
}

function timerEvents(instances: readonly TriggerInstance[]): TriggerInstance[] {
  return instances.filter(({ source }) => source === 'timer');
}

async function addRule(app: HeadlessApp, name: string, trigger: string, triggerParameters: JsonObject): Promise<void> {
  await app.client.rules.create({
    name,
    trigger: trigger as ResourceRef,
    criteria: {},
    action: 'core.noop' as ResourceRef,
    parameters: {},
    triggerParameters,
  });
}

async function everyInstance(app: HeadlessApp): Promise<TriggerInstance[]> {
  const all: TriggerInstance[] = [];
  for (let more = true; more; ) {
    const last = all.at(-1);
    const page = await app.client.triggers.page({ limit: 500, ...(last && { before: last.id }) });
    all.push(...page.items);
    more = page.more;
  }
  return all;
}
