import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Execution, ExecutionStatus } from '../../main/contract/executions.ts';
import { type PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { EXECUTION_PAGES, ExecutionTable } from '../../main/store/execution-table.ts';
import { MOST_LOOKED_AT, type PagedTable, pageSql, planPage } from '../../main/store/history-page.ts';
import { migrations } from '../../main/store/migrations.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { INSTANCE_PAGES, TriggerInstanceTable } from '../../main/store/trigger-instance-table.ts';

const EXECUTIONS = 2.5 * MOST_LOOKED_AT;
const START = Date.parse('2026-03-01T00:00:00.000Z');
let database: DatabaseSync;
let executions: ExecutionTable;
let instances: TriggerInstanceTable;

beforeAll(() => {
  database = new DatabaseSync(':memory:');
  for (const { sql } of migrations) database.exec(sql);
  executions = new ExecutionTable(database, sealWithKey(Buffer.alloc(32, 7)));
  instances = new TriggerInstanceTable(database);
  database.exec('BEGIN');
  for (let index = 0; index < EXECUTIONS; index += 1) executions.insert(executionAt(index), { index });
  for (let index = 0; index < 40; index += 1) instances.insert(instanceAt(index));
  database.exec('COMMIT');
});
afterAll(() => database.close());

/** One a second. The first is a failure of a rule; every tenth is of another pack. */
function executionAt(index: number): Execution {
  const rule = ResourceRef.parse('demo.when');
  return {
    id: `run-${index}`,
    action: ResourceRef.parse(index % 10 === 0 ? 'other.thing' : 'demo.act'),
    runner: 'noop',
    status: index === 0 ? 'failed' : 'succeeded',
    parameters: { index, note: index === 7 ? 'a "rare" 100% find' : 'plain' },
    context: index % 100 === 0 ? { source: 'rule', rule, triggerInstance: `event-${index}` } : { source: 'window' },
    createdAt: at(index),
    steps: [],
  };
}

function instanceAt(index: number) {
  const instant = at(index);
  const status = index === 3 ? ('refused' as const) : ('processed' as const);
  const trigger = index % 2 === 0 ? 'demo.tick' : 'demolition.tick';
  const times = { occurredAt: instant, receivedAt: instant };
  return { id: `event-${index}`, trigger, payload: { index }, ...times, source: 'cli', status };
}

function at(second: number): string {
  return new Date(START + second * 1000).toISOString();
}

type Filter = Partial<Parameters<ExecutionTable['page']>[0]>;

/** Every page to the end; a page that ends early is followed on. */
function allOf(filter: Filter): { ids: string[]; pages: number } {
  const ids: string[] = [];
  let before: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = executions.page({ limit: 100, ...filter, ...(before !== undefined && { before }) });
    ids.push(...page.items.map(({ id }) => id));
    if (!page.more) return { ids, pages };
    before = page.next;
  }
}

test('pages follow one another without a gap or a repetition', () => {
  const { ids } = allOf({ limit: 500 });
  expect(ids).toHaveLength(EXECUTIONS);
  expect(new Set(ids).size).toBe(EXECUTIONS);
  expect(ids[0]).toBe(`run-${EXECUTIONS - 1}`);
});

test('a filter for what is rare finds it, in pages that each end after so many rows', () => {
  const found = allOf({ text: 'A "RARE" 100% f' });
  expect(found.ids).toEqual(['run-7']);
  expect(found.pages).toBe(3);
});

test('a percent sign and an underscore in a text are themselves', () => {
  expect(allOf({ text: '100_' }).ids).toEqual([]);
});

test('failures of a long history are found at once', () => {
  expect(allOf({ status: ['failed', 'timeout'] })).toEqual({ ids: ['run-0'], pages: 1 });
});

test('what has not ended yet is found at once, also where all has', () => {
  expect(allOf({ status: ['requested', 'running', 'pending'] })).toEqual({ ids: [], pages: 1 });
});

test('a time range is the half-open interval between its two instants', () => {
  expect(allOf({ since: at(5), until: at(8) }).ids).toEqual(['run-7', 'run-6', 'run-5']);
  expect(allOf({ since: at(EXECUTIONS) }).ids).toEqual([]);
  expect(allOf({ until: at(1) }).ids).toEqual(['run-0']);
});

test('pack, rule and status narrow together', () => {
  const rule = ResourceRef.parse('demo.when');
  expect(allOf({ pack: 'other' as PackRef }).ids).toHaveLength(EXECUTIONS / 10);
  expect(allOf({ rule, pack: 'demo' as PackRef }).ids).toEqual([]);
  expect(allOf({ rule, pack: 'other' as PackRef, status: ['failed'] }).ids).toEqual(['run-0']);
});

test('a page can leave out results', () => {
  executions.move('run-5', ['succeeded'], 'succeeded', { result: { stdout: 'x' } });
  const page = { since: at(5), until: at(6), limit: 1 };
  expect(executions.page(page).items[0]?.result).toEqual({ stdout: 'x' });
  expect(executions.page({ ...page, results: false }).items[0]).not.toHaveProperty('result');
});

test('events are filtered by pack, where one name may begin with another', () => {
  expect(instances.page({ limit: 100, pack: 'demo' as PackRef }).items).toHaveLength(20);
  expect(instances.page({ limit: 100, status: ['refused'] }).items.map(({ id }) => id)).toEqual(['event-3']);
});

const EXECUTION_REQUESTS: Parameters<typeof planPage>[2][] = [
  { limit: 100 },
  { limit: 100, indexed: { action: 'demo.act' } },
  { limit: 100, indexed: { pack: 'demo' }, status: ['failed'] },
  { limit: 100, indexed: { rule: 'demo.when', action: 'demo.act' }, text: 'x' },
  { limit: 100, indexed: { trigger_instance: 'event-100' } },
  { limit: 100, status: ['failed', 'canceled'], since: at(1), until: at(9), before: 'run-50' },
  { limit: 100, status: ['requested', 'running'] },
  { limit: 100, status: ['succeeded'] satisfies ExecutionStatus[], text: 'rare' },
];
const INSTANCE_REQUESTS: Parameters<typeof planPage>[2][] = [
  { limit: 100 },
  { limit: 100, indexed: { trigger: 'demo.tick' }, status: ['processed'] },
  { limit: 100, status: ['refused'], text: 'x' },
  { limit: 100, status: ['pending'] },
];

test('no page of history scans a table or sorts', () => {
  expect(EXECUTION_REQUESTS.flatMap((request) => howRead(EXECUTION_PAGES, request))).not.toContainEqual(
    expect.stringMatching(/SCAN|TEMP B-TREE/),
  );
  expect(INSTANCE_REQUESTS.flatMap((request) => howRead(INSTANCE_PAGES, request))).not.toContainEqual(
    expect.stringMatching(/SCAN|TEMP B-TREE/),
  );
  const badly = { limit: 1, status: ['failed'] };
  expect(howRead(EXECUTION_PAGES, badly).join()).toContain('executions_ended_badly');
  expect(howRead(EXECUTION_PAGES, { limit: 1, status: ['running'] }).join()).toContain('executions_open');
  expect(howRead(INSTANCE_PAGES, { limit: 1, status: ['pending'] }).join()).toContain('trigger_instances_pending');
  expect(howRead(EXECUTION_PAGES, { limit: 1, indexed: { pack: 'demo' } }).join()).toContain('executions_pack');
});

/** SQLite's own account of how it would read the page. */
function howRead(table: PagedTable, request: Parameters<typeof planPage>[2]): string[] {
  const plan = planPage(database, table, request);
  if (!plan) throw new Error('the request has no plan');
  const values = [...plan.driver.flatMap((each) => each.values), plan.below, plan.from];
  return database
    .prepare(`EXPLAIN QUERY PLAN ${pageSql(table, plan, '*')}`)
    .all(...values, ...plan.residual.flatMap((each) => each.values), 101)
    .map(({ detail }) => String(detail));
}
