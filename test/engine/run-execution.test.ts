import { expect, test } from 'vitest';
import { type RunSources, runExecution } from '../../main/engine/run-execution.ts';
import { execution } from '../executions/start-bench.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** Of one pack with one action; `ran` counts how often that was run. */
function oneAction(folder: string) {
  const seen = { prepared: 0, ran: 0 };
  const noop = {
    name: 'noop',
    parameters: {},
    run: async () => {
      seen.ran += 1;
      return { status: 'succeeded', output: null };
    },
  };
  const sources = {
    clock: new FakeClock(),
    runners: new Map([['noop', noop]]),
    action: () => ({ ref: 'demo.echo', pack: 'demo', runner: 'noop', parameters: {}, entryPoint: '' }),
    pack: () => ({ ref: 'demo', path: folder }),
    config: () => ({ values: {}, masked: {}, secrets: [] }),
    packData: () => folder,
    admit: () => {
      seen.prepared += 1;
      return { environment: {}, [Symbol.dispose]: () => {} };
    },
  };
  return { seen, sources: sources as unknown as RunSources };
}

const turn = (recorded: Promise<void>) => {
  return { execution: execution('one'), parameters: {}, signal: new AbortController().signal, recorded };
};

test('what an action needs is got ready while the disk takes its start, and it runs after that', async () => {
  await using folder = await tempFolder();
  const { seen, sources } = oneAction(folder.path);
  const disk = Promise.withResolvers<void>();
  const outcome = runExecution(sources, turn(disk.promise));
  await until('it is ready', () => seen.prepared === 1);
  expect(seen.ran).toBe(0);
  disk.resolve();
  expect(await outcome).toMatchObject({ status: 'succeeded' });
  expect(seen.ran).toBe(1);
});

test('an action whose start the disk does not take is not run, and says so', async () => {
  await using folder = await tempFolder();
  const { seen, sources } = oneAction(folder.path);
  const outcome = await runExecution(sources, turn(Promise.reject(new Error('EIO'))));
  expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'execution/not-recorded', kind: 'environment' } });
  expect(seen.ran).toBe(0);
});
