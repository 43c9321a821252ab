import { expect, test } from 'vitest';
import { HistoryKeeper } from '../../main/engine/history-keeper.ts';
import { silentLog } from '../../main/kit/log.ts';
import { openStore } from '../../main/store/store.ts';
import { execution } from '../executions/start-bench.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

test('the history is tidied at the start and each hour, through many batches', async () => {
  using store = openStore(':memory:', TEST_SEAL);
  const clock = new FakeClock();
  const settings = { keepDays: 0, keepCount: 100 };
  await using keeper = new HistoryKeeper({ store, clock, log: silentLog, settings: () => settings });
  for (let n = 0; n < 1000; n++) store.executions.insert(execution(`e${n}`, { status: 'succeeded' }), {});
  keeper.start();
  await keeper.settled();
  expect(countOf(store)).toBe(100);

  settings.keepDays = 7;
  clock.advance(8 * 86_400_000);
  await keeper.settled();
  expect(countOf(store)).toBe(0);
});

function countOf(store: ReturnType<typeof openStore>): number {
  return store.executions.page({ limit: 500 }).items.length;
}
