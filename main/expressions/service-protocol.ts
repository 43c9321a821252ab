import { z } from 'zod';
import type { Json } from '../contract/json.ts';

/** What `expressions_service.py` writes; its opening comment is the protocol's description. */
export type ServiceMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'answer'; readonly value: Json }
  | { readonly kind: 'error'; readonly error: ServiceError }
  | { readonly kind: 'noise' };

const ServiceError = z.object({ type: z.string(), message: z.string(), line: z.number().nullable() });
export type ServiceError = z.infer<typeof ServiceError>;

const Ask = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('read'), scope: z.enum(['system', 'user']), key: z.string() }),
  z.object({ ask: z.literal('decrypt'), text: z.string() }),
]);
export type Ask = z.infer<typeof Ask>;

const Line = z.union([
  z.object({ text: z.string() }).transform(({ text }) => ({ kind: 'answer' as const, value: text })),
  z.object({ names: z.array(z.string()) }).transform(({ names }) => ({ kind: 'answer' as const, value: names })),
  z.object({ error: ServiceError }).transform(({ error }) => ({ kind: 'error' as const, error })),
  z.object({ ready: z.literal(true) }).transform(() => ({ kind: 'ready' as const })),
  Ask.transform((ask) => ({ kind: 'ask' as const, ask })),
]);

/** What a start-up file of the interpreter prints may come between our lines. */
export function parseServiceMessage(line: string): ServiceMessage {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    return { kind: 'noise' };
  }
}
