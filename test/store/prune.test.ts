import { expect, test } from 'vitest';
import { openStore } from '../../main/store/store.ts';
import { execution } from '../executions/start-bench.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

const NEVER = { before: undefined, keep: undefined };
const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();

test('what is older goes, a batch at a time, and what is open stays however old it is', () => {
  using store = filled(10, { open: [2] });
  const kept = { before: day(6), keep: undefined };
  expect(store.prune('executions', kept, 0, 3)).toEqual({ upTo: 3, deleted: 2, isDone: false });
  expect(store.prune('executions', kept, 3, 3)).toEqual({ upTo: 6, deleted: 2, isDone: false });
  expect(store.prune('executions', kept, 6, 3)).toEqual({ upTo: 9, deleted: 0, isDone: true });
  expect(idsOf(store)).toEqual(['e2', 'e6', 'e7', 'e8', 'e9', 'e10']);
});

test('of more than are kept the oldest go', () => {
  using store = filled(10);
  expect(store.prune('executions', { before: undefined, keep: 4 }, 0, 100)).toMatchObject({ deleted: 6, isDone: true });
  expect(idsOf(store)).toEqual(['e7', 'e8', 'e9', 'e10']);
});

test('without a limit nothing goes', () => {
  using store = filled(3);
  expect(store.prune('executions', NEVER, 0, 100)).toMatchObject({ deleted: 0, isDone: true });
  expect(store.prune('notices', { before: day(9), keep: 1 }, 0, 100)).toEqual({ upTo: 0, deleted: 0, isDone: true });
});

function filled(count: number, { open = [] as readonly number[] } = {}) {
  const store = openStore(':memory:', TEST_SEAL);
  for (let n = 1; n <= count; n++) {
    store.executions.insert(
      execution(`e${n}`, { createdAt: day(n), status: open.includes(n) ? 'running' : 'succeeded' }),
      {},
    );
  }
  return store;
}

function idsOf(store: ReturnType<typeof filled>): string[] {
  return store.executions
    .page({ limit: 100 })
    .items.map(({ id }) => id)
    .reverse();
}
