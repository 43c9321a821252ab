import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ROUTES } from '../../main/api/all-routes.ts';
import { addressOf } from '../../main/api/answer-request.ts';
import { findRoute } from '../../main/api/route.ts';
import type { TestEngine } from './test-engine.ts';

export type ApiAnswer<T = unknown> = { readonly status: number; readonly headers: Headers; readonly body: T };

/** What tests look at in answers of all kinds. */
export type Item = Record<string, unknown> & { id: string; status: string; token: string; action: { ref: string } };

/**
 * Real HTTP to an engine's API, with a key of its own. Every answer that is well is held against the schema that the
 * description in OpenAPI is made of.
 */
export async function apiClient(engine: TestEngine) {
  const { key } = await engine.client.apiKeys.create({ name: 'test' });
  const { packs: base } = await engine.client.api.addresses();
  const origin = new URL(base).origin;
  const ask = async <T = Item>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { 'St2-Api-Key': key, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const answer: ApiAnswer<T> = {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    };
    checkAnswer(method, path, answer);
    return answer;
  };
  return {
    key,
    base,
    origin,
    ask,
    get: <T = Item>(path: string, headers?: Record<string, string>) => ask<T>('GET', path, undefined, headers),
    post: <T = Item>(path: string, body: unknown, headers?: Record<string, string>) =>
      ask<T>('POST', path, body, headers),
    put: <T = Item>(path: string, body: unknown) => ask<T>('PUT', path, body),
    delete: (path: string) => ask('DELETE', path),
  };
}

/** Throws where an answer is not what the API says of itself; also where a field is there that it does not tell of. */
function checkAnswer(method: string, path: string, { status, body }: ApiAnswer): void {
  if (status >= 400) {
    z.object({ faultstring: z.string().min(1) }).parse(body);
    return;
  }
  const url = addressOf({ url: path } as Parameters<typeof addressOf>[0]);
  const found = findRoute(ROUTES, method, url.pathname);
  if (!('route' in found)) throw new Error(`${method} ${path} is answered, and is in no table`);
  if (found.route.status === 204) return;
  const known = found.route.answer.parse(body);
  if (!isDeepStrictEqual(known, body)) {
    throw new Error(`${method} ${path} answers more than its schema tells: ${JSON.stringify(body)}`);
  }
}
