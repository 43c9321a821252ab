import type { IncomingMessage, ServerResponse } from 'node:http';
import { nestingDepth } from '../kit/nesting-depth.ts';
import { ApiFault } from './faults.ts';

/** Bytes of one request. What is longer is not read to its end, so it costs no memory. */
export const MAX_BODY = 16 * 1024 * 1024;
/** Deeper JSON breaks many a program on its way, from `JSON.stringify` to Python. */
export const MAX_NESTING = 100;

/** The whole body, or a fault 413 as soon as it is known to be too long. */
export async function readBody(request: IncomingMessage, response: ServerResponse, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLong(limit);
  // Whoever asks first whether to send it is told only now, when nothing speaks against it any more.
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving off must not close the connection: the answer is still to go over it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLong(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined where there is none. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (nestingDepth(body) > MAX_NESTING)
    throw new ApiFault(400, `the body nests deeper than ${MAX_NESTING} maps and lists`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ApiFault(400, `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tooLong(limit: number): ApiFault {
  return new ApiFault(413, `the body is longer than ${limit} bytes`);
}
