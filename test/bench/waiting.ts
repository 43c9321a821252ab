import type { ResourceRef } from '../../main/contract/refs.ts';
import type { HeadlessApp } from '../support/headless-app.ts';
import { until } from '../support/until.ts';
import { serverMegabytes } from './actions.ts';
import { type Outcome, outcome } from './goals.ts';
import { installPack, writeIdle } from './packs.ts';
import { processUsage } from './process-tree.ts';

/** G12: what an idle sensor takes, a pack's warm interpreter, and that of one whose actions import `requests` and `yaml`. */
export async function measureWaiting(app: HeadlessApp, webMegabytes: number): Promise<Outcome> {
  await installPack(app, await writeIdle(app.home));
  const sensor = await until('the sensor runs', async () => {
    const [status] = (await app.client.sensors.list()).filter(({ pack }) => pack === 'idle');
    return status?.state === 'running' && status.pid;
  });
  await app.client.settings.update({ python: { isolation: 'auto' } });
  const { executions } = app.client;
  await until('its interpreter is warm', async () => {
    const { id } = await executions.run({ action: 'idle.touch' as ResourceRef });
    const ended = await until('it has ended', async () => {
      const execution = await executions.get({ id });
      return execution.endedAt !== undefined && execution;
    });
    return ended.isolation === 'forked';
  });
  const [warm, idle] = [serverMegabytes(app.pid), processUsage(sensor).pssMb];
  return outcome(
    'G12',
    [
      { who: 'warm interpreter', megabytes: warm },
      { who: 'with `requests` and `yaml`', megabytes: webMegabytes },
      { who: 'idle sensor', megabytes: idle },
    ],
    { warm, web: webMegabytes, sensor: idle },
  );
}
