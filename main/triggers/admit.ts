import { z } from 'zod';
import { checkValue } from '../contract/check-parameters.ts';
import type { Problem } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { TriggerType } from '../contract/packs.ts';
import { ParameterSpec } from '../contract/parameter-spec.ts';
import { SensorMessage } from '../contract/topics.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import { nestingDepth } from '../kit/nesting-depth.ts';

/**
 * Stage 2: from a message to a trigger instance. What cannot be one is not dropped: it becomes an instance with the status
 * `refused` and the reason, so that its author can see it. This folder knows no rule.
 */
export type Arrival = {
  readonly trigger: string;
  readonly body: Buffer;
  readonly source: string;
  /** ISO 8601, when the engine got it. */
  readonly receivedAt: string;
  readonly cause?: TriggerInstance['cause'] | undefined;
  /** For one that brings no id: of a message that comes again the same. */
  receipt?: (() => string) | undefined;
  /** Why no rule may see it; it is there to be seen by a person. */
  readonly refusal?: Problem | undefined;
};

/** What the app itself notices, or what came in another way than as a message: nothing of it has to be read first. */
export type OwnEvent = {
  /** Of one id only the first is recorded. */
  readonly id?: string;
  readonly trigger: string;
  readonly payload: JsonObject;
  readonly source: string;
  readonly traceTag?: string | undefined;
  readonly cause?: TriggerInstance['cause'] | undefined;
  /** Why no rule may see it; it is there to be seen by a person. */
  readonly refusal?: Problem | undefined;
};

/** Bytes of one message. A larger one is refused, and of its body nothing is kept. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Of maps and lists in each other: what StackStorm's own database holds, and far from what breaks a JSON writer. */
export const MAX_NESTING = 100;

/** A trigger type made ready for checking payloads. */
export type KnownTrigger = { readonly type: TriggerType; readonly payloadSpec: ParameterSpec | undefined };

/** A payload schema that is itself unusable checks nothing: a sloppy pack loses no event. */
export function knowTrigger(type: TriggerType): KnownTrigger {
  return { type, payloadSpec: ParameterSpec.safeParse(type.payloadSchema).data };
}

/** `known` is the trigger type that the arrival names, undefined when no loaded pack declares it. Pure. */
export function admit(arrival: Arrival, known: KnownTrigger | undefined, newId: () => string): TriggerInstance {
  const read = readMessage(arrival.body);
  const instance = {
    id: read.id ?? (arrival.receipt ?? newId)(),
    trigger: arrival.trigger,
    payload: read.payload,
    ...(read.traceTag !== undefined && { traceTag: read.traceTag }),
    occurredAt: read.occurredAt ?? arrival.receivedAt,
    receivedAt: arrival.receivedAt,
    source: arrival.source,
    ...(arrival.cause && { cause: arrival.cause }),
  };
  return judged(instance, read.problem ?? arrival.refusal ?? problemOf(instance, known));
}

export function admitOwn(
  event: OwnEvent,
  receivedAt: string,
  known: KnownTrigger | undefined,
  newId: () => string,
): TriggerInstance {
  const { id = newId(), trigger, payload, source, traceTag, cause, refusal } = event;
  const instance = {
    id,
    trigger,
    payload,
    ...(traceTag !== undefined && { traceTag }),
    occurredAt: receivedAt,
    receivedAt,
    source,
    ...(cause && { cause }),
  };
  return judged(instance, refusal ?? problemOf(instance, known));
}

type Admitted = Omit<TriggerInstance, 'status' | 'problem'>;

function judged(instance: Admitted, problem: Problem | undefined): TriggerInstance {
  return problem ? { ...instance, status: 'refused', problem } : { ...instance, status: 'pending' };
}

function problemOf({ trigger, payload }: Admitted, known: KnownTrigger | undefined): Problem | undefined {
  return known ? checkPayload(known, payload) : unknownTrigger(trigger);
}

/** What came out of `JSON.parse` needs no look at every value of the payload again. */
const ParsedMessage = SensorMessage.extend({
  payload: z.custom<JsonObject | null>((value) => value === null || isJsonObject(value), 'must be a JSON object'),
});

type ReadMessage = {
  readonly id?: string | undefined;
  readonly payload: Json;
  readonly traceTag?: string | undefined;
  readonly occurredAt?: string | undefined;
  readonly problem?: Problem;
};

function readMessage(body: Buffer): ReadMessage {
  if (body.length > MAX_MESSAGE_BYTES) {
    const size = `the message has ${body.length} bytes, the limit is ${MAX_MESSAGE_BYTES}`;
    return {
      payload: null,
      problem: problem('payload-too-large', size, 'send a path or an address instead of the content'),
    };
  }
  if (nestsTooDeep(body)) {
    const depth = `the message nests deeper than ${MAX_NESTING} maps and lists`;
    return { payload: null, problem: problem('payload-too-deep', depth, 'send the deep part as a text') };
  }
  return readText(body.toString('utf8'));
}

/** A text shorter than the brackets of that depth need not be looked at. */
export function nestsTooDeep(body: Uint8Array): boolean {
  return body.length > MAX_NESTING && nestingDepth(body) > MAX_NESTING;
}

function readText(text: string): ReadMessage {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { payload: text, problem: problem('not-json', `the payload is not JSON: ${why}`, 'send one JSON object') };
  }
  if (!isJsonObject(value)) {
    const what = `the payload must be a JSON object, got ${Array.isArray(value) ? 'an array' : JSON.stringify(value)}`;
    return {
      payload: value as Json,
      problem: problem('not-an-object', what.slice(0, 200), 'wrap the value: {"value": …}'),
    };
  }
  // Whoever has no wrapper (mosquitto_pub, a script) sends the bare payload.
  if (!('payload' in value)) return { payload: value };
  return readWrapped(value);
}

function readWrapped(value: JsonObject): ReadMessage {
  const message = ParsedMessage.safeParse(value);
  if (!message.success) {
    const issue = message.error.issues[0];
    const what = `\`${issue?.path.join('.') ?? 'message'}\`: ${issue?.message ?? 'invalid'}`;
    return {
      payload: value,
      problem: problem('message-invalid', what, 'send {"id", "payload", "trace_tag", "occurred_at"}'),
    };
  }
  return {
    id: message.data.id,
    payload: message.data.payload ?? {},
    traceTag: message.data.trace_tag ?? undefined,
    occurredAt: validTime(message.data.occurred_at),
  };
}

function validTime(text: string | null | undefined): string | undefined {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function unknownTrigger(trigger: string): Problem {
  return problem(
    'unknown-type',
    `no loaded pack declares the trigger type \`${trigger}\``,
    'declare it under `trigger_types` of a sensor or in `triggers/` of the pack, and see that the pack is switched on',
  );
}

function checkPayload({ type, payloadSpec }: KnownTrigger, payload: Json): Problem | undefined {
  const first = payloadSpec && checkValue(withoutNulls(payload), payloadSpec, 'payload')[0];
  return first && problem('payload-invalid', first.message, `the schema is in ${type.file}`);
}

/** `null` passes for whatever is not required, so it is checked as if absent. */
function withoutNulls(payload: Json): Json {
  if (!isJsonObject(payload)) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null)) satisfies JsonObject;
}

function problem(code: string, message: string, hint: string): Problem {
  return { severity: 'error', code: `trigger/${code}`, message, hint };
}
