import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { silentLog } from '../../main/kit/log.ts';
import { serveWebSocket } from '../../main/rpc/websocket.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fakeRpc } from '../support/fake-server.ts';
import { until } from '../support/until.ts';

/** One interval of the keep-alive, and a little. */
const INTERVAL_MS = 30_001;

async function connect(options: { autoPong: boolean }) {
  const clock = new FakeClock();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const admit = () => ({ caller: { source: 'window' as const } });
  const served = serveWebSocket({ server, rpc: fakeRpc().rpc, clock, log: silentLog, admit });
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`, options);
  let pings = 0;
  socket.on('ping', () => {
    pings += 1;
  });
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    clock,
    socket,
    pings: () => pings,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      server.close();
    },
  };
}

test('a client that answers the pings stays connected', async () => {
  await using link = await connect({ autoPong: true });
  for (const nth of [1, 2, 3]) {
    link.clock.advance(INTERVAL_MS);
    await until('the ping arrives', () => link.pings() === nth);
    // The pong was sent before this call, so it is there before the call's answer.
    const answered = new Promise((resolve) => link.socket.once('message', resolve));
    link.socket.send(JSON.stringify({ type: 'call', id: nth, method: 'engine.status' }));
    await answered;
  }
  expect(link.socket.readyState).toBe(WebSocket.OPEN);
});

test('a client that answers no ping for a whole interval is cut off', async () => {
  await using link = await connect({ autoPong: false });
  const closed = new Promise((resolve) => link.socket.once('close', resolve));
  link.clock.advance(INTERVAL_MS);
  await until('the ping arrives', () => link.pings() === 1);
  link.clock.advance(INTERVAL_MS);
  // 1006: ended without a word.
  expect(await closed).toBe(1006);
});

test('a message that is no JSON, or binary, harms nothing', async () => {
  await using link = await connect({ autoPong: true });
  const answered = new Promise((resolve) => link.socket.once('message', (data) => resolve(JSON.parse(String(data)))));
  link.socket.send('{"type":');
  link.socket.send(Buffer.from([1, 2, 3]));
  link.socket.send(JSON.stringify({ type: 'call', id: 5, method: 'engine.status' }));
  expect(await answered).toMatchObject({ type: 'result', id: 5 });
});
