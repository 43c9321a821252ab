import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../main/api/all-routes.ts';
import { addressOf } from '../../main/api/answer-request.ts';
import { faultReply } from '../../main/api/faults.ts';
import { pickAttributes, readFrom } from '../../main/api/queries.ts';
import { findRoute, route } from '../../main/api/route.ts';
import { StormletError } from '../../main/contract/errors.ts';

const answers = (path: string, method: 'GET' | 'POST' = 'GET') =>
  route({ method, path, summary: path, answer: z.string(), run: () => ({ body: path }) });
const TABLE = [answers('/v1/a'), answers('/v1/a/{id}'), answers('/v1/a/{id}/b', 'POST'), answers('/v1/k/{name*}')];

test.each([
  ['GET', '/v1/a', '/v1/a', {}],
  ['GET', '/v1/a/x.y%20z', '/v1/a/{id}', { id: 'x.y z' }],
  ['POST', '/v1/a/1/b', '/v1/a/{id}/b', { id: '1' }],
  ['GET', '/v1/k/a/b/c', '/v1/k/{name*}', { name: 'a/b/c' }],
  ['GET', '/v1/a/%E0%A4%A', '/v1/a/{id}', { id: '%E0%A4%A' }],
])('%s %s is answered by %s', (method, path, pattern, params) => {
  expect(findRoute(TABLE, method, path)).toMatchObject({ route: { path: pattern }, params });
});

test.each([
  ['GET', '/v1/b', []],
  ['GET', '/v1/a/', []],
  ['GET', '/v1/k/', []],
  ['GET', '/v1/a/1/b', ['POST']],
  ['GET', '/v1/a/1/b/c', []],
])('%s %s is answered by none', (method, path, others) => {
  expect(findRoute(TABLE, method, path)).toEqual({ others });
});

test.each([
  ['/v1/actions', '/v1/actions'],
  ['/v1/actions/', '/v1/actions'],
  ['/api/v1/actions?limit=1', '/v1/actions'],
  ['/auth/v1/tokens', '/v1/tokens'],
  ['/auth/tokens', '/v1/tokens'],
  ['/stream/v1/stream', '/v1/stream'],
  ['/tokens', '/v1/tokens'],
  ['/', '/v1'],
  ['//example.org/v1/actions', '/v1//example.org/v1/actions'],
])('the address %s is %s', (url, path) => {
  expect(addressOf({ url } as Parameters<typeof addressOf>[0]).pathname).toBe(path);
});

test('no two routes have one method and path', () => {
  const names = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ['history/unknown', 'user', 404],
  ['rule/name-taken', 'user', 409],
  ['action/parameters-invalid', 'user', 400],
  ['python/not-found', 'environment', 503],
] as const)('the fault %s of kind %s is status %i, with its words', (code, kind, status) => {
  const reply = faultReply(new StormletError({ code, kind, message: 'm', hint: 'h' }));
  expect(reply).toMatchObject({ status, body: { faultstring: 'm', code, hint: 'h' } });
});

test('of a fault of the engine nothing is told', () => {
  const reply = faultReply(new Error('the password is x'));
  expect([reply.status, reply.body]).toEqual([500, { faultstring: 'Internal Server Error' }]);
});

test('wanted attributes are kept with the id, dotted ones by what they lie in', () => {
  const item = { id: 1, a: 2, b: { c: 3, d: 4 } };
  expect(pickAttributes(item, { include_attributes: ['b.c'] })).toEqual({ id: 1, b: { c: 3, d: 4 } });
  expect(pickAttributes(item, { exclude_attributes: ['id', 'b'] })).toEqual({ a: 2 });
});

test('an offset is counted through pages that go on from one another, also empty ones', async () => {
  const pages: Record<string, { items: number[]; more: boolean; next?: string }> = {
    start: { items: [1, 2], more: true, next: 'empty' },
    empty: { items: [], more: true, next: 'last' },
    last: { items: [3, 4, 5], more: false },
  };
  const read = async ({ before = 'start' }: { before?: string }) => pages[before] ?? { items: [], more: false };
  expect(await readFrom(read, { limit: 2, offset: 1 })).toEqual([2, 3]);
  expect(await readFrom(read, { limit: -1, offset: 3 })).toEqual([4, 5]);
  expect(await readFrom(read, { limit: 5, offset: 9 })).toEqual([]);
});
