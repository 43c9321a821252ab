import { z } from 'zod';
import { Json } from '../contract/json.ts';

/** What `expressions_service.py` writes; its opening comment is the protocol's description. */
export type ServiceMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ServiceError }
  | { readonly kind: 'noise' };

const ServiceError = z.object({ type: z.string(), message: z.string(), line: z.number().nullable() });
export type ServiceError = z.infer<typeof ServiceError>;

const Ask = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('read'), scope: z.enum(['system', 'user']), key: z.string() }),
  z.object({ ask: z.literal('decrypt'), encrypted: z.string() }),
  z.object({ ask: z.literal('scope') }),
  z.object({ ask: z.literal('task'), task: z.string(), route: z.number().int().nullable() }),
]);
export type Ask = z.infer<typeof Ask>;

/** What one format of an alias makes of a sentence. */
const Fit = z.union([
  z.object({ found: z.array(z.record(z.string(), z.string().nullable())) }),
  z.object({ error: z.string() }),
]);
export type Fit = z.infer<typeof Fit>;
const Done = z.object({
  assigned: z.array(z.tuple([z.string(), Json])),
  errors: z.array(z.object({ type: z.string(), message: z.string() })),
  held: z.boolean().optional(),
  value: Json.optional(),
});
const SyntaxFault = z
  .tuple([z.enum(['yaql', 'jinja']).nullable(), z.string(), z.string()])
  .transform(([language, expression, message]) => ({ language: language ?? undefined, expression, message }));

const id = z.number();
const Line = z.union([
  z.object({ id, text: z.string() }).transform(({ id, text }) => ({ kind: 'answer' as const, id, value: text })),
  z
    .object({ id, names: z.array(z.string()) })
    .transform(({ id, names }) => ({ kind: 'answer' as const, id, value: names })),
  z.object({ id, fits: z.array(Fit) }).transform(({ id, fits }) => ({ kind: 'answer' as const, id, value: fits })),
  z.object({ id, done: z.array(Done) }).transform(({ id, done }) => ({ kind: 'answer' as const, id, value: done })),
  z
    .object({ id, faults: z.array(z.array(SyntaxFault)) })
    .transform(({ id, faults }) => ({ kind: 'answer' as const, id, value: faults })),
  z.object({ id, error: ServiceError }).transform(({ id, error }) => ({ kind: 'error' as const, id, error })),
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
