import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { FIXTURE_PACKS, pack, startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('of a pack that is switched off, what runs goes on, what waits fails and what comes is refused, each with the reason', async () => {
  await using engine = await startTestEngine({ settings: { executions: { concurrency: 1 } } });
  for (const name of ['patient', 'storm']) await engine.install(path.join(FIXTURE_PACKS, name));
  const action = 'patient.wait_for' as ResourceRef;
  const parameters = { file: path.join(engine.home, 'go') };
  const running = await engine.client.executions.run({ action, parameters });
  const waiting = await engine.client.executions.run({ action, parameters });
  await until('the first runs', async () => {
    return (await engine.client.executions.get({ id: running.id })).status === 'running';
  });
  for (const name of ['patient', 'storm']) await engine.client.packs.setEnabled({ ...pack(name), enabled: false });

  const trigger = 'storm.event' as ResourceRef;
  const refused = await engine.client.triggers.emit({ trigger, payload: { kind: 'x', path: '/' } });
  expect(refused).toMatchObject({ status: 'refused', problem: { hint: expect.stringContaining('switched on') } });
  await writeFile(parameters.file, '');
  expect((await engine.ended(running.id)).status).toBe('succeeded');
  expect(await engine.ended(waiting.id)).toMatchObject({
    status: 'failed',
    fault: { code: 'action/unknown', hint: expect.stringContaining('switched off') },
  });

  // Back on, it takes events again; those that were refused stay so, since nobody was to act on them.
  await engine.client.packs.setEnabled({ ...pack('storm'), enabled: true });
  const taken = await engine.client.triggers.emit({ trigger, payload: { kind: 'x', path: '/' } });
  expect(taken.status).not.toBe('refused');
  expect((await engine.client.triggers.get({ id: refused.id })).status).toBe('refused');
});
