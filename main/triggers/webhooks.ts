import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { Trigger, TriggerInstance } from '../contract/triggers.ts';
import type { OwnEvent } from './admit.ts';
import { readWebhookBody } from './read-webhook-body.ts';

/**
 * What is posted to `/v1/webhooks/URL` becomes an event for the rules on that URL. It knows no HTTP server: whoever has one
 * hands in a request that may come in, and answers with the reply. Nothing is acknowledged that is not on disk.
 */
export type WebhookRequest = {
  /** What follows `/v1/webhooks/`, decoded. */
  readonly url: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Complete. A server does well to stop reading after `maxBodyBytes`. */
  readonly body: Buffer;
  /** The one whose program posts it, where it is one. */
  readonly execution?: string | undefined;
};

export type WebhookReply =
  | { readonly status: 202; readonly body: Json; readonly instances: readonly TriggerInstance[] }
  | { readonly status: 400 | 404 | 413 | 415; readonly problem: WebhookProblem };
export type WebhookProblem = Pick<Problem, 'code' | 'message' | 'hint'>;

export type WebhooksDeps = {
  /** Those with parameters that enabled rules ask for. */
  triggers(): readonly Trigger[];
  submit(event: OwnEvent): Promise<TriggerInstance>;
  causeFor(execution: string | undefined): TriggerInstance['cause'];
  maxBodyBytes(): number;
};

export const WEBHOOK = 'core.st2.webhook';
/** Takes `{trigger, payload}` for any trigger, whether a rule has it or not. */
const SYSTEM_HOOK = 'st2';
const SOURCE = 'webhook';

export class Webhooks {
  readonly #deps: WebhooksDeps;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  get maxBodyBytes(): number {
    return this.#deps.maxBodyBytes();
  }

  /** Those that rules listen to. */
  list(): Trigger[] {
    return this.#deps.triggers().filter(({ type }) => type === WEBHOOK);
  }

  /** Rules may write one URL with and without slashes around it, which makes several triggers of it. */
  on(url: string): Trigger[] {
    return this.list().filter(({ parameters }) => trimSlashes(String(parameters.url)) === trimSlashes(url));
  }

  /** Resolves when the events are on disk; rejects when they could not be written, and then they must not be acknowledged. */
  async receive(request: WebhookRequest): Promise<WebhookReply> {
    const hook = trimSlashes(request.url);
    const triggers = this.on(hook);
    if (hook !== SYSTEM_HOOK && triggers.length === 0) return unknownHook(hook);
    const read = readWebhookBody(request.body, request.headers['content-type'], this.maxBodyBytes);
    if (!('body' in read)) {
      const { status, ...problem } = read;
      return { status, problem };
    }
    const { headers, traceTag } = readHeaders(request.headers, hook);
    const sent = { traceTag, source: SOURCE, cause: this.#deps.causeFor(request.execution) };
    if (hook === SYSTEM_HOOK) return this.#receiveForAny(read.body, sent);
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const payload = { headers, headers_lower: lower, body: read.body };
    return this.#record(
      triggers.map(({ ref }) => ({ trigger: ref, payload, ...sent })),
      read.body,
    );
  }

  async #receiveForAny(
    body: JsonObject | Json[],
    sent: Pick<OwnEvent, 'traceTag' | 'source' | 'cause'>,
  ): Promise<WebhookReply> {
    const wanted = 'send {"trigger": "pack.name", "payload": {}}';
    if (!isJsonObject(body)) return refused('webhook/not-an-object', 'the body must be a map, got a list', wanted);
    const { trigger, payload = {} } = body;
    if (typeof trigger !== 'string' || trigger === '') {
      return refused('webhook/trigger-missing', 'the body names no `trigger`', wanted);
    }
    const given = payload ?? {};
    if (!isJsonObject(given)) return refused('webhook/not-an-object', '`payload` must be a map', wanted);
    return this.#record([{ trigger, payload: given, ...sent }], body);
  }

  async #record(events: readonly OwnEvent[], body: Json): Promise<WebhookReply> {
    const instances = await Promise.all(events.map((event) => this.#deps.submit(event)));
    const problem = instances.find((instance) => instance.problem)?.problem;
    return problem ? { status: 400, problem } : { status: 202, body, instances };
  }
}

/** What is wrong with the parameters of a rule. */
export function webhookFault({ url }: JsonObject): { readonly fault: string; readonly hint: string } | undefined {
  const hook = trimSlashes(String(url));
  if (hook !== '' && hook !== SYSTEM_HOOK) return undefined;
  const fault = hook === '' ? '`url` is empty' : `the webhook \`${SYSTEM_HOOK}\` is the one that takes any trigger`;
  return { fault, hint: 'choose another word, such as `my/hook`' };
}

function trimSlashes(url: string): string {
  return url.replace(/^\/+|\/+$/g, '');
}

function unknownHook(hook: string): WebhookReply {
  const message = `no rule listens to the webhook \`${hook}\``;
  const hint = `make a rule on \`${WEBHOOK}\` with the parameter \`url: ${hook}\`, and see that it is switched on`;
  return { status: 404, problem: { code: 'webhook/unknown', message, hint } };
}

function refused(code: string, message: string, hint: string): WebhookReply {
  return { status: 400, problem: { code, message, hint } };
}

/** They would be in the history for all to read. StackStorm leaves out its own and cookies. */
const CREDENTIALS = ['St2-Api-Key', 'X-Auth-Token', 'Cookie', 'Authorization', 'Proxy-Authorization'];
const TRACE_TAG = 'St2-Trace-Tag';

function readHeaders(given: Readonly<IncomingHttpHeaders>, hook: string) {
  const headers: Record<string, string> = {};
  let traceTag = `webhook-${hook}-${randomUUID()}`;
  for (const [key, value] of Object.entries(given)) {
    const name = titled(key);
    if (value === undefined || CREDENTIALS.includes(name)) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (name === TRACE_TAG) traceTag = text;
    else headers[name] = text;
  }
  return { headers, traceTag };
}

/** StackStorm's server sees `X-Github-Event`, however it was sent, and rules name it so. */
function titled(name: string): string {
  return name.toLowerCase().replace(/(^|[^a-z])([a-z])/g, (_, before: string, letter: string) => {
    return before + letter.toUpperCase();
  });
}
