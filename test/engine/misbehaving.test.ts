import path from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { isAlive } from '../support/processes.ts';
import { FIXTURE_PACKS, startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('actions that hang, crash, exit or print rubbish end alone, while another runs on', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'trouble'));
  const [hung, crashed, exited, rubbish, echoed] = await Promise.all([
    engine.run('trouble.hang'),
    engine.run('trouble.crash'),
    engine.run('trouble.exit_now'),
    engine.run('trouble.rubbish'),
    engine.run('core.echo', { message: 'still here' }),
  ]);
  expect(hung).toMatchObject({ status: 'timeout', result: { error: expect.stringContaining('1 seconds') } });
  for (const pid of pidsIn(hung.result)) await until(`process ${pid} is gone`, () => !isAlive(pid));
  expect(crashed).toMatchObject({ status: 'failed', fault: { code: 'action/raised', kind: 'pack' } });
  expect(exited).toMatchObject({ status: 'failed', fault: { code: 'action/exited' }, result: { exit_code: 3 } });
  expect(rubbish).toMatchObject({ status: 'succeeded', result: { result: { ok: true } } });
  expect(echoed).toMatchObject({ status: 'succeeded', result: { stdout: expect.stringContaining('still here') } });
  await until('all are told', () => engine.notices.length === 6);
  expect(engine.notices.map(({ title }) => title).sort()).toEqual([
    'core.echo succeeded',
    'packs.install succeeded',
    'trouble.crash failed',
    'trouble.exit_now failed',
    'trouble.hang took too long and was stopped',
    'trouble.rubbish succeeded',
  ]);
});

test('a running action is canceled with all that it started', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'trouble'));
  const { id } = await engine.client.executions.run({
    action: 'trouble.hang' as ResourceRef,
    parameters: { timeout: 600 },
  });
  const printed = await until('it printed its ids', async () =>
    (await engine.client.executions.output({ id })).map((chunk) => chunk.text).join(''),
  );
  await engine.client.executions.cancel({ id });
  expect((await engine.ended(id)).status).toBe('canceled');
  for (const pid of printed.trim().split(' ').map(Number)) await until(`process ${pid} is gone`, () => !isAlive(pid));
});

test('a sensor that dies is restarted with growing delay and given up visibly, with its last words', async () => {
  const sensorRestarts = { firstDelayMs: 20, maxDelayMs: 1000, healthyAfterMs: 60_000, giveUpAfter: 3 };
  await using engine = await startTestEngine({ sensorRestarts });
  const delays: string[] = [];
  engine.client.sensors.onChanged((status) => {
    if (status.state === 'backing-off') delays.push(status.why ?? '');
  });
  await engine.install(path.join(FIXTURE_PACKS, 'dying'));
  const given = await until('it was given up', async () =>
    (await engine.client.sensors.list()).find(({ state }) => state === 'given-up'),
  );
  expect(given).toMatchObject({
    ref: 'dying.DyingSensor',
    restarts: 3,
    why: expect.stringMatching(/died 3 times in a row/),
  });
  expect(given.recentOutput.join('\n')).toMatch(/about to die[\s\S]*died on purpose/);
  expect(delays).toHaveLength(2);
});

test('a sensor whose process is killed comes back and goes on publishing', async () => {
  const sensorRestarts = { firstDelayMs: 20, maxDelayMs: 20, healthyAfterMs: 60_000, giveUpAfter: 5 };
  await using engine = await startTestEngine({ sensorRestarts });
  // It waits for the base environment; when that comes up, sensors are started anew.
  await engine.run('core.echo', { message: 'ready' });
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const running = async () =>
    (await engine.client.sensors.list()).find(
      ({ className, state }) => className === 'TickSensor' && state === 'running',
    );
  await until('it runs', running);
  await until('it published', () => ticks(engine).then((items) => items.length > 0));
  const first = await until('it still runs', running);
  process.kill(first.pid ?? 0, 'SIGKILL');
  const second = await until('it runs again', async () => {
    const status = await running();
    return status?.pid !== first.pid && status;
  });
  const before = (await ticks(engine))[0]?.id;
  await until('it publishes again', async () => (await ticks(engine))[0]?.id !== before);
  expect(second.restarts).toBe(1);
});

test('events, rules and actions of a ticking pack go together: only even ticks are noted, as integers', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'ticker'));
  const noted = await until('three were noted', async () => {
    const { items } = await engine.client.executions.page({ action: 'ticker.note' as ResourceRef });
    return items.filter(({ status }) => status === 'succeeded').length >= 3 && items;
  });
  for (const { parameters } of noted)
    expect(Number.isInteger(parameters.n) && Number(parameters.n) % 2 === 0).toBe(true);
  const odd = (await ticks(engine)).find(({ payload }) => isJsonObject(payload) && payload.kind === 'odd');
  expect(await engine.client.triggers.get({ id: odd?.id ?? '' })).toMatchObject({
    verdicts: [
      { rule: 'ticker.note_even_ticks', matched: false, stoppedAt: 'trigger.kind', seen: 'odd', expected: 'even' },
    ],
  });
  await until(
    'polls come too',
    async () => (await engine.client.triggers.page({ trigger: 'ticker.polled' })).items.length > 1,
  );
});

async function ticks(engine: Awaited<ReturnType<typeof startTestEngine>>) {
  return (await engine.client.triggers.page({ trigger: 'ticker.tick' })).items;
}

function pidsIn(result: unknown): number[] {
  const stdout = isJsonObject(result) ? String(result.stdout) : '';
  const pids = stdout.trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  return pids;
}
