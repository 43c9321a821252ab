import type { z } from 'zod';

/** How the RPC table is written, and the types that clients and handlers derive from it. */

type Schema = z.ZodType;

export type Method<I extends Schema = Schema, O extends Schema = Schema> = {
  readonly kind: 'query' | 'command';
  readonly input: I;
  readonly output: O;
};
export type EventEntry<P extends Schema = Schema> = { readonly kind: 'event'; readonly payload: P };
export type RpcTable = Readonly<Record<string, Readonly<Record<string, Method | EventEntry>>>>;

/** Reads; safe to repeat. */
export function query<I extends Schema, O extends Schema>(input: I, output: O): Method<I, O> {
  return { kind: 'query', input, output };
}

/** Changes something. */
export function command<I extends Schema, O extends Schema>(input: I, output: O): Method<I, O> {
  return { kind: 'command', input, output };
}

/** A state change, broadcast to whoever subscribed; never drives control flow. */
export function event<P extends Schema>(payload: P): EventEntry<P> {
  return { kind: 'event', payload };
}

type Unsubscribe = () => void;
type OnName<K extends string> = `on${Capitalize<K>}`;
type Call<M> =
  M extends Method<infer I, infer O>
    ? undefined extends z.input<I>
      ? (input?: z.input<I>) => Promise<z.output<O>>
      : (input: z.input<I>) => Promise<z.output<O>>
    : never;

/** `client.rules.setEnabled({…})` for methods, `client.rules.onChanged(fn)` for events. */
export type RpcClient<T extends RpcTable> = {
  readonly [G in keyof T]: {
    readonly [K in keyof T[G] as T[G][K] extends Method ? K : never]: Call<T[G][K]>;
  } & {
    readonly [K in keyof T[G] as T[G][K] extends EventEntry ? OnName<K & string> : never]: T[G][K] extends EventEntry<
      infer P
    >
      ? (listener: (payload: z.output<P>) => void) => Unsubscribe
      : never;
  };
};

/** Who is asking, as the transport knows it. */
export type Caller = {
  readonly source: 'window' | 'cli' | 'api';
  /** The one whose own program asks, over StackStorm's API. */
  readonly execution?: string;
};

/** A missing handler does not compile. Inputs arrive parsed. */
export type RpcHandlers<T extends RpcTable> = {
  readonly [G in keyof T]: {
    readonly [K in keyof T[G] as T[G][K] extends Method ? K : never]: T[G][K] extends Method<infer I, infer O>
      ? (input: z.output<I>, caller: Caller) => z.output<O> | Promise<z.output<O>>
      : never;
  };
};

/** `'packs.changed'` and its payload, for the engine to emit. */
export type EventName<T extends RpcTable> = {
  [G in keyof T & string]: { [K in keyof T[G] & string]: T[G][K] extends EventEntry ? `${G}.${K}` : never }[keyof T[G] &
    string];
}[keyof T & string];
export type EventPayload<T extends RpcTable, N extends string> = N extends `${infer G}.${infer K}`
  ? G extends keyof T
    ? K extends keyof T[G]
      ? T[G][K] extends EventEntry<infer P>
        ? z.output<P>
        : never
      : never
    : never
  : never;
export type EmitEvent<T extends RpcTable> = <N extends EventName<T>>(name: N, payload: EventPayload<T, N>) => void;
