import { expect, test } from 'vitest';
import { StormletError } from '../../main/contract/errors.ts';
import type { ClientFrame } from '../../main/contract/frames.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { createClient, type Transport } from '../../main/contract/rpc-client.ts';
import { fakeRpc } from '../support/fake-server.ts';

type Wire = Transport & {
  readonly sent: ClientFrame[];
  receive(frame: unknown): void;
  become(state: 'connected' | 'disconnected'): void;
};

function wire(state: 'connected' | 'disconnected' = 'connected'): Wire {
  const sent: ClientFrame[] = [];
  let onFrame: (frame: unknown) => void = () => {};
  let onState: (state: 'connected' | 'disconnected') => void = () => {};
  return {
    sent,
    send: (frame) => sent.push(frame),
    onFrame: (listener) => {
      onFrame = listener;
      return () => {};
    },
    onState: (listener) => {
      onState = listener;
      listener(state);
      return () => {};
    },
    receive: (frame) => onFrame(frame),
    become: (next) => onState(next),
  };
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as StormletError,
  );

test('a client made over a server answers calls and delivers events', async () => {
  const { rpc } = fakeRpc();
  let forward: (frame: unknown) => void = () => {};
  const client: Client = createClient({
    send: (frame) => session.receive(structuredClone(frame)),
    onFrame: (listener) => {
      forward = listener;
      return () => {};
    },
    onState: (listener) => {
      // Connected a moment later, as over a real wire.
      queueMicrotask(() => listener('connected'));
      return () => {};
    },
  });
  const session = rpc.connect((frame) => forward(frame), { source: 'window' });
  const seen: string[] = [];
  client.executions.onChanged((execution) => seen.push(execution.status));

  const packs = await client.packs.list();
  const execution = await client.executions.run({ action: ResourceRef.parse('hello.greet') });
  await client.engine.status();

  expect(packs[0]?.ref).toBe('hello');
  expect(execution.context.source).toBe('window');
  expect(seen).toEqual(['running', 'succeeded']);
});

test('a refused call rejects with the code, kind and hint of the fault', async () => {
  const transport = wire();
  const call = failure(createClient(transport).packs.list());
  transport.receive({
    type: 'error',
    id: 1,
    fault: { code: 'pack/unknown', kind: 'user', message: 'there is none', hint: 'look', details: { a: 1 } },
  });
  const error = await call;
  expect(error).toBeInstanceOf(StormletError);
  expect(error).toMatchObject({ code: 'pack/unknown', kind: 'user', message: 'there is none', hint: 'look' });
});

test('answers reach their own call whatever their order', async () => {
  const transport = wire();
  const client = createClient(transport);
  const [first, second] = [client.packs.list(), client.actions.list()];
  transport.receive({ type: 'result', id: 2, output: ['second'] });
  transport.receive({ type: 'result', id: 1, output: ['first'] });
  expect([await first, await second]).toEqual([['first'], ['second']]);
});

test('calls under way when the connection goes reject as disconnected', async () => {
  const transport = wire();
  const call = failure(createClient(transport).packs.list());
  transport.become('disconnected');
  expect((await call)?.code).toBe('rpc/disconnected');
});

test('a call made while disconnected is sent once connected, after the subscriptions', async () => {
  const transport = wire('disconnected');
  const client = createClient(transport);
  const call = client.packs.list();
  client.packs.onChanged(() => {});
  expect(transport.sent).toEqual([]);
  transport.become('connected');
  transport.receive({ type: 'result', id: 1, output: [] });
  expect(await call).toEqual([]);
  expect(transport.sent.map((frame) => frame.type)).toEqual(['subscribe', 'call']);
});

test('a call that waits too long for the connection rejects as disconnected and is not sent later', async () => {
  const transport = wire('disconnected');
  const client = createClient(transport, { connectionWaitMs: 1 });
  const error = await failure(client.packs.list());
  transport.become('connected');
  expect(error?.code).toBe('rpc/disconnected');
  expect(error?.message).toContain('`packs.list` was not sent');
  expect(transport.sent).toEqual([]);
});

test('subscriptions are sent again after a reconnect, those that ended are not', () => {
  const transport = wire();
  const client = createClient(transport);
  const stopRules = client.rules.onChanged(() => {});
  client.packs.onChanged(() => {});
  stopRules();
  transport.become('disconnected');
  transport.sent.length = 0;
  transport.become('connected');
  expect(transport.sent).toEqual([{ type: 'subscribe', event: 'packs.changed' }]);
});

test('one event is subscribed once for all its listeners, and unsubscribed with the last', () => {
  const transport = wire();
  const client = createClient(transport);
  const listener = () => {};
  const stops = [client.packs.onChanged(listener), client.packs.onChanged(listener)];
  for (const stop of stops) {
    stop();
    stop();
  }
  expect(transport.sent).toEqual([
    { type: 'subscribe', event: 'packs.changed' },
    { type: 'unsubscribe', event: 'packs.changed' },
  ]);
});

test('an unreadable frame rejects the open calls instead of leaving them waiting', async () => {
  const transport = wire();
  const call = failure(createClient(transport).packs.list());
  transport.receive({ type: 'novelty' });
  expect((await call)?.code).toBe('rpc/frame-unreadable');
});
