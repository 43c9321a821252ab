import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const ECHO = 'trouble.echo' as ResourceRef;

test('an execution runs once more with the same parameters, secret ones included, or with some of them changed', async () => {
  await using engine = await startTestEngine();
  await engine.install(path.join(FIXTURE_PACKS, 'trouble'));
  const first = await engine.run(ECHO, {
    text: '{% raw %}{{ not.a.template }}{% endraw %}',
    password: 'hunter2-hunter2',
  });
  const { rerun } = engine.client.executions;

  // The mask that a person saw comes back, and means what it stands for.
  const again = await engine.ended((await rerun({ id: first.id, parameters: { number: 8, password: '********' } })).id);
  expect(again).toMatchObject({
    status: 'succeeded',
    context: { rerunOf: first.id },
    parameters: { text: '{{ not.a.template }}', number: 8, password: '********' },
    result: { result: { text: '{{ not.a.template }}', number: 8, password: '********' } },
  });
  expect(JSON.stringify(again)).not.toContain('hunter2');

  const measured = await engine.run('trouble.measure', { password: 'hunter2-hunter2' });
  const measuredAgain = await engine.ended((await rerun({ id: measured.id })).id);
  expect(measuredAgain).toMatchObject({ status: 'succeeded', result: { result: 15 } });

  const templated = await rerun({ id: first.id, parameters: { text: '{{ number }} and {{ flag }}', flag: true } });
  expect(templated.parameters).toMatchObject({ text: '7 and True', flag: true });
  await expect(rerun({ id: first.id, parameters: { number: 'many' } })).rejects.toThrow(
    '`number` cannot be made an integer',
  );
  await expect(rerun({ id: 'nope' })).rejects.toThrow('there is no execution `nope`');
});

test('an execution that is asked for later is delayed over a restart of the app, and runs when its time has come', async () => {
  await using home = await tempFolder();
  const ids: string[] = [];
  {
    await using engine = await startTestEngine({ home: home.path });
    const run = (delay: number) => engine.client.executions.run({ action: 'core.noop' as ResourceRef, delay });
    for (const delay of [300, 3_600_000, 3_600_000]) ids.push((await run(delay)).id);
    const first = await engine.client.executions.get({ id: ids[1] ?? '' });
    expect(first).toMatchObject({ status: 'delayed', delay: { reason: 'it was asked for later' } });
    await engine.client.executions.cancel({ id: ids[2] ?? '' });
  }
  await using engine = await startTestEngine({ home: home.path });
  await engine.ended(ids[0] ?? '');
  const statuses = await until('all is settled', () =>
    Promise.all(ids.map(async (id) => (await engine.client.executions.get({ id })).status)),
  );
  expect(statuses).toEqual(['succeeded', 'delayed', 'canceled']);
});
