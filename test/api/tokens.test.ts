import { expect, test } from 'vitest';
import { shownToken, Tokens } from '../../main/api/tokens.ts';
import { openStore } from '../../main/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

function tokens() {
  const store = openStore(':memory:', TEST_SEAL);
  const clock = new FakeClock();
  return { store, clock, tokens: new Tokens({ keys: store.apiKeys, clock }) };
}

test('the token of a process is the same until it is revoked, and lets nobody in after that', () => {
  const { tokens: made } = tokens();
  const token = made.forProcess('run-1');
  expect(made.forProcess('run-1')).toBe(token);
  expect(made.identify(token)).toEqual({ kind: 'process', of: 'run-1' });
  made.revoke('run-1');
  expect(made.identify(token)).toBeUndefined();
  expect(made.forProcess('run-1')).not.toBe(token);
});

test('a key is kept as a hash alone', () => {
  const { tokens: made, store } = tokens();
  const { id, key } = made.createKey('ci');
  expect(made.identify(key)).toEqual({ kind: 'key', of: id });
  expect(JSON.stringify(store.apiKeys.list())).not.toContain(key);
});

test('its use is noted once a minute', () => {
  const { tokens: made, clock } = tokens();
  const { key } = made.createKey('');
  const used = () => made.listKeys()[0]?.lastUsedAt;
  made.identify(key);
  const first = used();
  clock.advance(30_000);
  made.identify(key);
  expect(used()).toBe(first);
  clock.advance(40_000);
  made.identify(key);
  expect(used()).not.toBe(first);
});

test('a session ends with its time, and is begun with nothing but a key', () => {
  const { tokens: made, clock } = tokens();
  const { key } = made.createKey('');
  const session = made.beginSession(key, 60);
  expect(made.identify(session?.token ?? '')).toMatchObject({ kind: 'session' });
  expect(made.beginSession(session?.token ?? '', 60)).toBeUndefined();
  expect(made.beginSession(made.forProcess('run-1'), 60)).toBeUndefined();
  expect(made.beginSession('', 60)).toBeUndefined();
  clock.advance(60_000);
  expect(made.identify(session?.token ?? '')).toBeUndefined();
});

test.each([
  [{ 'x-auth-token': 'a' }, '', 'a'],
  [{ 'st2-api-key': 'a' }, '', 'a'],
  [{ authorization: 'Bearer a' }, '', 'a'],
  [{}, 'x-auth-token=a', 'a'],
  [{}, 'st2-api-key=a', 'a'],
  [{ 'x-auth-token': '', 'st2-api-key': 'b' }, '', 'b'],
  [{ authorization: 'Basic a' }, '', undefined],
  [{}, '', undefined],
])('of the headers %j and the query `%s` the token is %s', (headers, query, token) => {
  expect(shownToken(headers, new URLSearchParams(query))).toBe(token);
});
