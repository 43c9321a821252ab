import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { triggerTopic } from '../../main/contract/topics.ts';
import { startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { RawPublisher } from '../support/raw-publisher.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/**
 * `npm run bench -- storm`: 200,000 events from 20 publishers against 1,000 rules, one event in a hundred for one of them. Every
 * event has to be recorded and judged, every action to have run, memory to stay flat, and the window to be answered meanwhile;
 * else it fails.
 */
const PUBLISHERS = 20;
const EACH = 10_000;
const RULES = 1000;
const EVENTS = PUBLISHERS * EACH;
const MATCHING = EVENTS / 100;
const IN_FLIGHT = 100;
/** Of the app's process, above what it had before: some 50 MB live, as much again is dead, and the young generation is 130 MB. */
const MOST_GROWTH_MB = 280;
const LONGEST_MS = 110_000;

export async function benchStorm(): Promise<string[][]> {
  await using home = await tempFolder();
  await writeRules(path.join(home.path, 'config', 'rules'));
  await using app = await startHeadlessApp(home.path);
  const { client } = app;
  const installed = await stormlet(app, 'pack', 'install', path.resolve('test/fixtures/packs/storm'));
  assert.equal(installed.exitCode, 0, installed.stderr);
  await client.settings.update({ notifications: { onSuccess: false } });
  await until('the rules are active', async () => (await client.rules.list()).filter(isOurs).length === RULES, 30_000);

  const memory = await watchMemory(app.pid);
  const started = performance.now();
  let isOver = false;
  const storm = publishAll((await client.bus.url({})).url).finally(() => {
    isOver = true;
  });
  const answers = await askMeanwhile(client, () => isOver);
  await storm;
  const recorded = performance.now() - started;
  await until('every event is judged', async () => (await pending(client)) === 0, LONGEST_MS - recorded);
  await until('every action has run', async () => (await ran(client)) >= MATCHING, LONGEST_MS);
  const judged = performance.now() - started;
  const { loopDelay } = await client.engine.status();
  const peak = await memory.stop();

  assert.equal(await count(client, 'triggers'), EVENTS, 'events are lost');
  assert.equal(await count(client, 'executions'), MATCHING, 'actions did not run');
  assert.ok(answers > 10, `the window was answered ${answers} times only`);
  assert.ok(peak.grownMb < MOST_GROWTH_MB, `memory grew by ${peak.grownMb} MB`);
  return [
    [`${EVENTS} events of ${PUBLISHERS} publishers, ${RULES} rules: recorded`, `${rate(EVENTS, recorded)} /s`],
    [`the same until judged, and ${MATCHING} actions have run`, `${rate(EVENTS, judged)} /s`],
    ['memory of the app before, and at its peak', `${peak.beforeMb} MB, ${peak.peakMb} MB`],
    ['calls answered meanwhile; the longest that nobody was answered', `${answers}; ${loopDelay.maxMs} ms`],
  ];
}

/** Those that are held back for a moment, to see whether their rule runs because of itself, are neither waiting nor running. */
async function ran(client: Client): Promise<number> {
  return (await client.executions.count({ action: 'core.noop' as ResourceRef, status: ['succeeded'] })).count;
}

async function publishAll(url: string): Promise<void> {
  const run = randomUUID();
  const topic = triggerTopic('storm.event' as ResourceRef);
  await Promise.all(
    Array.from({ length: PUBLISHERS }, async (_, index) => {
      using publisher = await RawPublisher.connect(url, `storm-${index}`);
      await publisher.publish(topic, EACH, IN_FLIGHT, (n) => message(run, index, n));
    }),
  );
}

function message(run: string, publisher: number, n: number): string {
  const kind = n % 100 === 0 ? `kind ${(publisher * EACH + n) % RULES}` : 'nothing';
  return JSON.stringify({ id: `${run}-${publisher}-${n}`, payload: { kind, path: '/tmp/notes.txt' } });
}

async function askMeanwhile(client: Client, isOver: () => boolean): Promise<number> {
  let answers = 0;
  while (!isOver()) {
    await client.executions.page({ limit: 20 });
    answers += 1;
    await setTimeout(50);
  }
  return answers;
}

async function count(client: Client, what: 'triggers' | 'executions'): Promise<number> {
  let all = 0;
  let before: string | undefined;
  for (;;) {
    const from = { limit: 500, ...(before !== undefined && { before }) };
    const page =
      what === 'triggers'
        ? await client.triggers.page({ ...from, trigger: 'storm.event', status: ['processed'] })
        : await client.executions.page({ ...from, action: 'core.noop' as ResourceRef, status: ['succeeded'] });
    all += page.items.length;
    before = page.next;
    if (!page.more) return all;
  }
}

async function pending(client: Client): Promise<number> {
  return (await client.triggers.page({ status: ['pending'], limit: 1 })).items.length;
}

/** Resident memory of a process, where the system tells it (Linux). */
async function watchMemory(pid: number) {
  const beforeMb = await residentMb(pid);
  let peakMb = beforeMb;
  let isStopped = false;
  const watching = (async () => {
    while (!isStopped) {
      peakMb = Math.max(peakMb, await residentMb(pid));
      await setTimeout(200);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await watching;
      return { beforeMb, peakMb, grownMb: peakMb - beforeMb };
    },
  };
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

async function writeRules(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rule = (n: number) =>
    `name: rule_${n}\nenabled: true\ntrigger:\n  type: storm.event\ncriteria:\n  trigger.kind:\n    type: eq\n    pattern: kind ${n}\naction:\n  ref: core.noop\n`;
  await Promise.all(Array.from({ length: RULES }, (_, n) => writeFile(path.join(folder, `rule_${n}.yaml`), rule(n))));
}

function isOurs(rule: { readonly state: string; readonly ref: string }): boolean {
  return rule.state === 'active' && rule.ref.startsWith('default.rule_');
}

function rate(events: number, milliseconds: number): string {
  return (events / (milliseconds / 1000)).toFixed(0);
}
