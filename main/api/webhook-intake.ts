import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from '../contract/json.ts';
import type { Trigger } from '../contract/triggers.ts';

/** Where webhooks go: the trigger stage's own part, as this folder sees it. */
export type WebhookIntake = {
  /** The most that it takes of one body. */
  readonly maxBodyBytes: number;
  /** Those that rules listen to. */
  list(): readonly Trigger[];
  on(url: string): readonly Trigger[];
  receive(request: {
    readonly url: string;
    readonly headers: Readonly<IncomingHttpHeaders>;
    readonly body: Buffer;
    readonly execution?: string | undefined;
  }): Promise<WebhookReply>;
};

export type WebhookReply =
  | { readonly status: 202; readonly body: Json }
  | { readonly status: 400 | 404 | 413 | 415; readonly problem: { readonly message: string } };
