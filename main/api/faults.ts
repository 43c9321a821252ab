import { z } from 'zod';
import { type Fault, toFault } from '../contract/errors.ts';

/** How StackStorm tells what went wrong; `code` and `hint` are ours. */
export const FaultBody = z.object({
  faultstring: z.string(),
  code: z.string().optional(),
  hint: z.string().optional(),
});
export type FaultBody = z.infer<typeof FaultBody>;

/** A refusal that has its own status. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Anything thrown, as it is answered. Of the engine's own faults nothing is told but that there was one. */
export function faultReply(error: unknown): {
  status: number;
  body: FaultBody;
  headers: Readonly<Record<string, string>>;
} {
  if (error instanceof ApiFault) {
    return { status: error.status, body: { faultstring: error.message }, headers: error.headers };
  }
  const fault = toFault(error);
  const status = statusOf(fault);
  if (status === 500) return { status, body: { faultstring: 'Internal Server Error' }, headers: {} };
  const { code, hint, message } = fault;
  return { status, body: { faultstring: message, code, ...(hint !== undefined && { hint }) }, headers: {} };
}

function statusOf({ code, kind }: Fault): number {
  if (/\/(unknown|not-open|instance-unknown)$/.test(code)) return 404;
  if (/\/(name-taken|exists|changed-since|stale)$/.test(code)) return 409;
  if (kind === 'user' || kind === 'pack') return 400;
  return kind === 'environment' ? 503 : 500;
}
