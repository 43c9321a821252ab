import { expect, test } from 'vitest';
import type { ServerFrame } from '../../main/contract/frames.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import { createLog } from '../../main/kit/log.ts';
import { RpcServer } from '../../main/rpc/rpc-server.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fakeWorld } from '../support/fake-handlers.ts';
import { until } from '../support/until.ts';

/** A server whose clock stands still: batches leave when `tick` is called. */
function server() {
  const logged: string[] = [];
  const sent: ServerFrame[] = [];
  const clock = new FakeClock();
  const { handlers } = fakeWorld((event, payload) => rpc.emit(event, payload));
  const rpc: RpcServer = new RpcServer({ handlers, clock, log: createLog((line) => logged.push(line), 'warn') });
  const session = rpc.connect((frame) => sent.push(frame), { source: 'window' });
  return { rpc, handlers, session, sent, logged, tick: () => clock.advance(50) };
}

async function answer(s: ReturnType<typeof server>, method: string, input?: unknown) {
  s.session.receive({ type: 'call', id: 7, method, input });
  return until('the call is answered', () => s.sent.find((frame) => 'id' in frame && frame.id === 7));
}

const packChange = { ref: 'hello' as never, removed: false };

test.each([
  'constructor',
  '__proto__',
  'toString',
  'packs.constructor',
  'packs.toString',
  '__proto__.toString',
  'constructor.name',
  'packs.list.call',
  'packs.changed',
  'packs',
  '',
])('the name `%s` is refused as an unknown method', async (method) => {
  expect(await answer(server(), method)).toMatchObject({ type: 'error', fault: { code: 'rpc/method-unknown' } });
});

test('every method of the table has a handler that is reached by its name', async () => {
  expect(await answer(server(), 'packs.list')).toMatchObject({ type: 'result', output: [{ ref: 'hello' }] });
});

test('input of the wrong shape is refused with the name of the field, and the handler is not called', async () => {
  const s = server();
  const refused = await answer(s, 'rules.setEnabled', { ref: 'hello.on_wave', enabled: 'yes' });
  expect(refused).toMatchObject({ type: 'error', fault: { code: 'rpc/input-invalid', kind: 'user' } });
  expect(JSON.stringify(refused)).toContain('`enabled`');
  s.sent.length = 0;
  expect(await answer(s, 'rules.get', { ref: 'hello.on_wave' })).toMatchObject({ output: { enabled: true } });
});

test('defaults of the input are filled in before the handler sees it', async () => {
  expect(await answer(server(), 'executions.run', { action: 'hello.hang' })).toMatchObject({
    output: { parameters: {}, context: { source: 'window' } },
  });
});

test('a fault that a handler throws arrives with its code and hint', async () => {
  expect(await answer(server(), 'packs.get', { ref: 'nobody' })).toMatchObject({
    type: 'error',
    fault: { code: 'pack/unknown', kind: 'user', hint: expect.stringContaining('pack list') },
  });
});

test('an error that is not ours arrives as a fault of the engine and is logged', async () => {
  const s = server();
  Object.assign(s.handlers.packs, {
    list: () => {
      throw new TypeError('x is not a function');
    },
  });
  expect(await answer(s, 'packs.list')).toMatchObject({ fault: { code: 'engine/invariant', kind: 'engine' } });
  expect(s.logged.join()).toContain('method=packs.list');
});

test('a frame that cannot be read harms nothing, and is answered where it names a call', async () => {
  const s = server();
  for (const frame of [undefined, null, 'text', [], { type: 'x' }, { type: 'call', method: 'packs.list' }])
    s.session.receive(frame);
  expect(s.sent).toEqual([]);
  expect(await answer(s, 'packs.list')).toMatchObject({ type: 'result' });
  s.session.receive({ type: 'call', id: 9, method: 5 });
  expect(s.sent.at(-1)).toMatchObject({ type: 'error', id: 9, fault: { code: 'rpc/frame-invalid' } });
});

test('events reach only those who subscribed, in order, as one batch', () => {
  const s = server();
  const others: ServerFrame[] = [];
  s.rpc.connect((frame) => others.push(frame), { source: 'window' });
  s.session.receive({ type: 'subscribe', event: 'packs.changed' });
  for (const removed of [false, true, false]) s.rpc.emit('packs.changed', { ...packChange, removed });
  s.rpc.emit('rules.changed', { ref: ResourceRef.parse('a.b'), removed: true });
  expect(s.sent).toEqual([]);
  s.tick();
  expect(s.sent).toMatchObject([
    {
      type: 'events',
      events: [{ payload: { removed: false } }, { payload: { removed: true } }, { payload: { removed: false } }],
    },
  ]);
  expect(others).toEqual([]);
});

test('an answer never overtakes an event that was emitted before it', async () => {
  const s = server();
  s.session.receive({ type: 'subscribe', event: 'packs.changed' });
  s.rpc.emit('packs.changed', packChange);
  await answer(s, 'packs.list');
  expect(s.sent.map((frame) => frame.type)).toEqual(['events', 'result']);
  s.tick();
  expect(s.sent).toHaveLength(2);
});

test('an unsubscribed event is not sent any more', () => {
  const s = server();
  s.session.receive({ type: 'subscribe', event: 'packs.changed' });
  s.session.receive({ type: 'unsubscribe', event: 'packs.changed' });
  s.rpc.emit('packs.changed', packChange);
  s.tick();
  expect(s.sent).toEqual([]);
});

test.each(['packs.list', 'toString', '__proto__', 'packs.constructor'])(
  'a subscription to `%s` is refused',
  (event) => {
    const s = server();
    s.session.receive({ type: 'subscribe', event });
    expect(s.logged.join()).toContain('unknown event refused');
  },
);

test('a closed session is sent nothing', async () => {
  const s = server();
  s.session.receive({ type: 'subscribe', event: 'packs.changed' });
  s.session.receive({ type: 'call', id: 1, method: 'packs.list' });
  s.rpc.emit('packs.changed', packChange);
  s.session.close();
  s.rpc.emit('packs.changed', packChange);
  s.tick();
  await answerOfAnother(s);
  expect(s.sent).toEqual([]);
});

/** By the time a later session has its answer, the closed one's would have come. */
async function answerOfAnother(s: ReturnType<typeof server>): Promise<void> {
  const frames: ServerFrame[] = [];
  s.rpc
    .connect((frame) => frames.push(frame), { source: 'window' })
    .receive({ type: 'call', id: 1, method: 'packs.list' });
  await until('the other session is answered', () => frames.length > 0);
}
