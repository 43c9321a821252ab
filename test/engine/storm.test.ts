import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { RawPublisher } from '../support/raw-publisher.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const PUBLISHERS = 20;
const EACH = 200;
const RULES = 1000;
/** One event in a hundred is for a rule. */
const MATCHING = (PUBLISHERS * EACH) / 100;

test('a storm of events from many publishers against many rules loses none, and the window is answered meanwhile', async () => {
  await using home = await tempFolder();
  await writeRules(path.join(home.path, 'config', 'rules'));
  await using engine = await startTestEngine({ home: home.path, settings: { notifications: { onSuccess: false } } });
  await engine.install(path.join(FIXTURE_PACKS, 'storm'));
  await until('the rules are active', async () => (await engine.client.rules.list()).filter(isOurs).length === RULES);
  const { url } = await engine.client.bus.url({});
  const publishers = await Promise.all(
    Array.from({ length: PUBLISHERS }, (_, index) => RawPublisher.connect(url, `publisher-${index}`)),
  );
  const storm = publishers.map((publisher, index) =>
    publisher.publish('stormlet/triggers/storm/event', EACH, 100, (n) => message(index, n)),
  );
  let isOver = false;
  const acknowledged = Promise.all(storm).then(() => {
    isOver = true;
  });
  let answers = 0;
  while (!isOver) {
    await engine.client.engine.status();
    answers += 1;
    // The test's client is in the same process: without a turn of the event loop the storm would stand still.
    await setImmediate();
  }
  await acknowledged;
  for (const publisher of publishers) publisher[Symbol.dispose]();
  expect(answers).toBeGreaterThan(3);

  await until('every event has its verdicts', async () => (await count(engine, 'pending')) === 0);
  expect(await count(engine, 'processed')).toBe(PUBLISHERS * EACH);
  const executions = await until('every action has run', async () => {
    const { items } = await engine.client.executions.page({ action: 'core.noop' as ResourceRef, limit: 500 });
    return items.filter(({ status }) => status === 'succeeded').length === MATCHING && items;
  });
  // Each event that is for a rule has caused one execution, of that rule.
  expect(new Set(executions.map(({ context }) => context.triggerInstance)).size).toBe(MATCHING);
  expect(executions.every(({ context }) => context.rule?.startsWith('default.rule_'))).toBe(true);
});

function message(publisher: number, n: number): string {
  const kind = n % 100 === 0 ? `kind ${(publisher * EACH + n) % RULES}` : 'nothing';
  return JSON.stringify({ id: `event-${publisher}-${n}`, payload: { kind, path: '/tmp/notes.txt' } });
}

async function writeRules(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rule = (n: number) =>
    `name: rule_${n}\nenabled: true\ntrigger:\n  type: storm.event\ncriteria:\n  trigger.kind:\n    type: eq\n    pattern: kind ${n}\naction:\n  ref: core.noop\n`;
  const files = Array.from({ length: RULES }, (_, n) => writeFile(path.join(folder, `rule_${n}.yaml`), rule(n)));
  await Promise.all(files);
}

function isOurs(rule: { readonly state: string; readonly ref: string }): boolean {
  return rule.state === 'active' && rule.ref.startsWith('default.');
}

async function count(engine: TestEngine, status: 'pending' | 'processed'): Promise<number> {
  let all = 0;
  let before: string | undefined;
  for (;;) {
    const page = await engine.client.triggers.page({ status: [status], limit: 500, ...(before && { before }) });
    all += page.items.length;
    before = page.next;
    if (!page.more) return all;
  }
}
