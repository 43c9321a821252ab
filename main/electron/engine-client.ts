import type { Client } from '../contract/rpc.ts';
import { createClient } from '../contract/rpc-client.ts';
import type { Connect } from './page-link.ts';

/** The shell as a client of an engine in its own process, by the same frames as every other client. */
export function clientOver(connect: Connect): Client {
  const listeners = new Set<(frame: unknown) => void>();
  const session = connect((frame) => {
    for (const listener of listeners) listener(frame);
  });
  return createClient({
    send: (frame) => session.receive(frame),
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(listener) {
      listener('connected');
      return () => {};
    },
  });
}
