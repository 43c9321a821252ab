import { expect, test } from 'vitest';
import { silentLog } from '../../main/kit/log.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore, type Store } from '../../main/store/store.ts';
import { Deliveries } from '../../main/triggers/deliveries.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('what comes again in the next connection has the same receipt', () => {
  using bench = setUp();
  const first = bench.send(1, 7, 'open');
  expect(bench.send(2, 7, 'open', true)).toBe(first);
  expect(bench.send(3, 7, 'open', true)).toBe(first);
  expect(bench.send(3, 7, 'open')).not.toBe(first);
});

test('a client that went on speaking has got its acknowledgement, so the same identifier stands for another message', () => {
  using bench = setUp();
  const first = bench.send(1, 7, 'open');
  bench.clock.advance(31_000);
  bench.deliveries.isAlive(from(1));
  expect(bench.send(2, 7, 'open', true)).not.toBe(first);
});

test('a client that fell silent after it was acknowledged may not know of it, however long it is away', () => {
  using bench = setUp();
  const first = bench.send(1, 7, 'open');
  bench.clock.advance(20_000);
  bench.deliveries.isAlive(from(1));
  bench.clock.advance(24 * 3_600_000);
  expect(bench.send(2, 7, 'open', true)).toBe(first);
});

test('a client that took its leave has got all, and one that is away for a week does not come back', async () => {
  using bench = setUp();
  bench.send(1, 7, 'open');
  bench.deliveries.left(from(1));
  const lost = bench.send(2, 8, 'open');
  await bench.written();
  expect(bench.store.deliveries.list().map(({ receipt }) => receipt)).toEqual([lost]);
  bench.clock.advance(7 * 86_400_000 + 60_000);
  await bench.written();
  expect(bench.store.deliveries.list()).toEqual([]);
});

test('what is on disk is what may come again, and no more', async () => {
  using bench = setUp();
  const lost = bench.send(1, 7, 'open');
  bench.send(1, 8, 'closed');
  await bench.written();
  expect(bench.store.deliveries.list()).toHaveLength(2);
  {
    using again = bench.restart();
    expect(again.receipt(delivery(1, 7, true), 'door', Buffer.from('open'))).toBe(lost);
  }
  bench.clock.advance(29_000);
  bench.send(1, 9, 'open');
  bench.clock.advance(15_000);
  bench.deliveries.isAlive(from(1));
  bench.clock.advance(30_000);
  await bench.written();
  expect(bench.store.deliveries.list().map(({ packet }) => packet)).toEqual([9]);
});

test('however much comes, what is kept is bounded', async () => {
  using bench = setUp();
  const oldest = bench.send(1, 1, 'open');
  for (let packet = 2; packet <= 50_001; packet += 1) bench.send(1, packet, 'open');
  await bench.written();
  expect(bench.store.deliveries.list().length).toBeLessThanOrEqual(50_000);
  expect(bench.send(2, 1, 'open', true)).not.toBe(oldest);
  expect(bench.send(2, 50_001, 'open', true)).not.toBe(bench.send(2, 50_001, 'open'));
});

function setUp() {
  const store: Store = openStore(':memory:', sealWithKey(Buffer.alloc(32, 7)));
  const clock = new FakeClock();
  const deps = { table: store.deliveries, groupCommit: store.groupCommit, clock, log: silentLog };
  const deliveries = new Deliveries(deps);
  return {
    store,
    clock,
    deliveries,
    send: (connection: number, packet: number, body: string, again = false) =>
      deliveries.receipt(delivery(connection, packet, again), 'door', Buffer.from(body)),
    restart: () => new Deliveries(deps),
    /** What was given to be written before. */
    written: () => store.groupCommit.run(() => {}),
    [Symbol.dispose]() {
      deliveries[Symbol.dispose]();
      store[Symbol.dispose]();
    },
  };
}

function from(connection: number) {
  return { user: 'door', client: 'esp-1', connection };
}

function delivery(connection: number, packet: number, again: boolean) {
  return { publisher: from(connection), packet, qos: 1, again };
}
