import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('a rule on a timer runs its action each time, and only those on the same parameters share the timer', async () => {
  await using engine = await startTestEngine();
  const every = { unit: 'seconds', delta: 1 };
  await addRule(engine, 'first', 'core.st2.IntervalTimer', every);
  await addRule(engine, 'second', 'core.st2.IntervalTimer', every);
  await addRule(engine, 'other', 'core.st2.IntervalTimer', { unit: 'hours', delta: 1 });
  await addRule(engine, 'cron', 'core.st2.CronTimer', { second: '*/1' });
  const ran = await until('three rules have run', async () => {
    const { items } = await engine.client.executions.page({});
    const rules = new Set(items.map(({ context }) => context.rule));
    return rules.size === 3 && rules;
  });
  expect([...ran].sort()).toEqual(['default.cron', 'default.first', 'default.second']);
  const timers = await engine.client.triggers.timers();
  expect(timers.map(({ type, rules }) => [type, rules.length]).slice(0, 2)).toEqual(
    expect.arrayContaining([
      ['core.st2.IntervalTimer', 2],
      ['core.st2.CronTimer', 1],
    ]),
  );
  expect(Date.parse(timers[2]?.nextAt ?? '')).toBeGreaterThan(Date.now() + 3_500_000);
  const [instance] = (await engine.client.triggers.page({ status: ['processed'] })).items;
  expect(instance).toMatchObject({
    source: 'timer',
    payload: { executed_at: expect.stringMatching(/\+00:00$/), schedule: null },
  });
});

test('a rule with parameters that make no timer has one problem, with its line, and is not active', async () => {
  await using engine = await startTestEngine();
  await addRule(engine, 'late', 'core.st2.CronTimer', { hour: '25', minute: '61' });
  await addRule(engine, 'unit', 'core.st2.IntervalTimer', { unit: 'fortnights', delta: 'x' });
  await addRule(engine, 'past', 'core.st2.DateTimer', { date: '2020-01-01' });
  const rules = new Map((await engine.client.rules.list()).map((rule) => [rule.name, rule]));
  expect(rules.get('late')).toMatchObject({
    state: 'broken',
    problems: [
      {
        severity: 'error',
        code: 'rule/trigger-parameters',
        message: '`hour` goes beyond 23: `25`',
        hint: expect.any(String),
        file: expect.stringMatching(/late/),
        line: expect.any(Number),
      },
    ],
  });
  expect(rules.get('unit')).toMatchObject({
    state: 'broken',
    problems: [{ message: expect.stringContaining('`trigger.parameters.unit`'), line: expect.any(Number) }],
  });
  expect(rules.get('past')).toMatchObject({
    state: 'active',
    problems: [{ severity: 'warning', code: 'timer/over', line: expect.any(Number) }],
  });
});

test('a run that was missed while the app did not run is in the history of the next start', async () => {
  await using home = await tempFolder();
  const timer = { second: '*/1' };
  {
    await using engine = await startTestEngine({ home: home.path });
    await addRule(engine, 'each', 'core.st2.CronTimer', timer);
    await until('it has come', async () => (await engine.client.executions.page({})).items.length > 0);
  }
  const later = { now: () => Date.now() + 3_600_000, after: systemClock.after };
  await using engine = await startTestEngine({ home: home.path, clock: later });
  const missed = await until(
    'it is told',
    async () => (await engine.client.triggers.page({ status: ['refused'] })).items[0],
  );
  expect(missed.problem).toMatchObject({ severity: 'warning', code: 'timer/missed' });
  expect((missed.payload as { missed: JsonObject }).missed.count).toBeGreaterThan(900);
});

async function addRule(
  engine: TestEngine,
  name: string,
  trigger: string,
  triggerParameters: JsonObject,
): Promise<void> {
  await engine.client.rules.create({
    name,
    trigger: trigger as ResourceRef,
    criteria: {},
    action: 'core.noop' as ResourceRef,
    parameters: {},
    triggerParameters,
  });
}
