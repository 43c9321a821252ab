import { z } from 'zod';
import { Fault } from './errors.ts';

/** The frames of both transports (preload IPC and WebSocket), as JSON. Events come in batches of at most some 50 ms. */
export const ClientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: z.number().int(), method: z.string(), input: z.unknown().optional() }),
  z.object({ type: z.literal('subscribe'), event: z.string() }),
  z.object({ type: z.literal('unsubscribe'), event: z.string() }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: z.number().int(), output: z.unknown().optional() }),
  z.object({ type: z.literal('error'), id: z.number().int(), fault: Fault }),
  z.object({ type: z.literal('events'), events: z.array(z.object({ event: z.string(), payload: z.unknown() })) }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
