import { WebSocket } from 'ws';
import { StormletError } from '../contract/errors.ts';
import type { Client } from '../contract/rpc.ts';
import { createClient } from '../contract/rpc-client.ts';
import { type RunInfo, readRunFile } from '../rpc/run-file.ts';

export type Connected = Disposable & {
  readonly client: Client;
  /** Rejects when the app ends the connection; never resolves. */
  readonly lost: Promise<never>;
};

/** Connects to the app that works on these folders. It connects once: a command that outlives the app has no purpose. */
export async function connectToApp(dataFolder: string): Promise<Connected> {
  const { url, token } = await runningApp(dataFolder);
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  await opened(socket);
  const lost = new Promise<never>((_resolve, reject) => {
    socket.once('close', () => reject(connectionLost()));
  });
  // Not every command waits for it.
  lost.catch(() => {});
  const client = createClient({
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame(listener) {
      const receive = (data: unknown) => listener(parse(String(data)));
      socket.on('message', receive);
      return () => socket.off('message', receive);
    },
    onState(listener) {
      const ended = () => listener('disconnected');
      listener('connected');
      socket.once('close', ended);
      return () => socket.off('close', ended);
    },
  });
  return { client, lost, [Symbol.dispose]: () => socket.close() };
}

/** Where the app is reached. Throws `app/not-running` when nobody works on these folders. */
export async function runningApp(dataFolder: string): Promise<NonNullable<RunInfo['endpoint']>> {
  const info = await readRunFile(dataFolder);
  if (!info) throw notRunning();
  if (!info.endpoint) throw notReached(info.pid);
  return info.endpoint;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    // Also said when the port is refused or the token unknown: the run file is of an app that is gone.
    socket.once('error', (error) => reject(notRunning(error)));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notRunning(cause?: Error): StormletError {
  const fault = {
    code: 'app/not-running',
    kind: 'user',
    message: 'Stormlet is not running',
    hint: '`npm start` starts it',
  } as const;
  return new StormletError(fault, { cause });
}

function notReached(pid: number): StormletError {
  return new StormletError({
    code: 'app/not-reached',
    kind: 'user',
    message: `Stormlet is starting or stopping: process ${pid}`,
    hint: 'try again in a moment',
  });
}

function connectionLost(): StormletError {
  return new StormletError({
    code: 'rpc/disconnected',
    kind: 'environment',
    message: 'Stormlet ended the connection: it was stopped, or it failed',
    hint: 'what was asked may still have been done; `npm start` starts it again, and its history tells',
  });
}
