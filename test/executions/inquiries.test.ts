import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { DEFAULT_SCHEMA } from '../../main/contract/inquiries.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { Inquiries } from '../../main/executions/inquiries.ts';
import { sealWithKey } from '../../main/store/seal.ts';
import { openStore } from '../../main/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';

const MINUTE = 60_000;

test('an inquiry tells what is asked, and until when', () => {
  using bench = startBench();
  bench.ask('a', { ttl: 60, route: 'night', users: ['ada'] });
  expect(bench.inquiries.list()).toEqual([
    {
      id: 'a',
      action: 'core.ask',
      context: { source: 'rule' },
      schema: DEFAULT_SCHEMA,
      route: 'night',
      users: ['ada'],
      roles: [],
      ttl: 60,
      askedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T01:00:00.000Z',
    },
  ]);
  expect(bench.changed).toEqual(['a']);
});

test('an answer ends the execution, beside what was asked', () => {
  using bench = startBench();
  bench.ask('a');
  bench.clock.advance(5000);
  expect(bench.inquiries.respond('a', { continue: true })).toMatchObject({
    status: 'succeeded',
    endedAt: '2026-01-01T00:00:05.000Z',
    result: { route: '', ttl: 1440, roles: [], users: [], schema: DEFAULT_SCHEMA, response: { continue: true } },
  });
  expect(bench.inquiries.list()).toEqual([]);
  expect(bench.changed).toEqual(['a', 'a']);
});

test('a wrong answer is refused with all that is wrong, and the question stays', () => {
  using bench = startBench();
  const properties = { go: { type: 'boolean', required: true }, times: { type: 'integer', minimum: 1 } };
  bench.ask('a', { schema: { type: 'object', properties, additionalProperties: false } });
  expect(() => bench.inquiries.respond('a', { times: 0, other: 1 })).toThrow(
    expect.objectContaining({
      code: 'inquiry/response-invalid',
      message: expect.stringMatching(/`go` is required; `times` must be at least 1, got 0; unknown key: `other`$/),
      details: {
        problems: [{ path: 'go' }, { path: 'times' }, { path: 'other' }].map((each) => expect.objectContaining(each)),
      },
    }),
  );
  expect(bench.status('a')).toBe('pending');
});

test('fields that are left out get the defaults of the schema, and secret ones are not kept', () => {
  using bench = startBench();
  const properties = { word: { type: 'string', default: 'hi' }, token: { type: 'string', secret: true } };
  bench.ask('a', { schema: { type: 'object', properties } });
  const { result } = bench.inquiries.respond('a', { token: 's3cret' });
  expect(result).toMatchObject({ response: { word: 'hi', token: '********' } });
});

test('a schema that cannot be understood takes any object', () => {
  using bench = startBench();
  bench.ask('a', { schema: { type: 'nonsense', properties: 5 } });
  expect(bench.inquiries.respond('a', { what: 'ever' }).status).toBe('succeeded');
});

test('it is answered once', () => {
  using bench = startBench();
  bench.ask('a');
  bench.inquiries.respond('a', { continue: true });
  expect(() => bench.inquiries.respond('a', { continue: false })).toThrow(
    expect.objectContaining({ code: 'inquiry/not-open', message: expect.stringContaining('it is succeeded') }),
  );
  expect(() => bench.inquiries.get('no')).toThrow('there is no inquiry `no`');
});

test('when its time is over, it has timed out', () => {
  using bench = startBench();
  bench.ask('a', { ttl: 90 });
  bench.ask('b', { ttl: 1440 });
  bench.clock.advance(90 * MINUTE - 1);
  expect(bench.status('a')).toBe('pending');
  bench.clock.advance(1);
  expect([bench.status('a'), bench.status('b')]).toEqual(['timeout', 'pending']);
  expect(bench.ended.map(({ id, status }) => [id, status])).toEqual([['a', 'timeout']]);
});

test.each([0, -1])('with a ttl of %i it waits for ever', (ttl) => {
  using bench = startBench();
  bench.ask('a', { ttl });
  bench.clock.advance(1000 * 24 * 60 * MINUTE);
  expect(bench.status('a')).toBe('pending');
  expect(bench.inquiries.get('a')).not.toHaveProperty('expiresAt');
});

test('after a restart it is still open, and its time went on meanwhile', () => {
  using bench = startBench();
  bench.ask('a', { ttl: 10 });
  bench.ask('b', { ttl: 60 });
  bench.restart(() => bench.clock.advance(30 * MINUTE));
  bench.clock.advance(0);
  expect([bench.status('a'), bench.status('b')]).toEqual(['timeout', 'pending']);
  bench.clock.advance(30 * MINUTE);
  expect(bench.status('b')).toBe('timeout');
});

test('one that is canceled is a question no more', () => {
  using bench = startBench();
  bench.ask('a', { ttl: 10 });
  bench.cancel('a');
  expect(bench.inquiries.list()).toEqual([]);
  bench.clock.advance(60 * MINUTE);
  expect(bench.status('a')).toBe('canceled');
});

function startBench() {
  const store = openStore(':memory:', sealWithKey(Buffer.alloc(32)));
  const clock = new FakeClock();
  const changed: string[] = [];
  const ended: Execution[] = [];
  const start = () => {
    const inquiries: Inquiries = new Inquiries({
      table: store.executions,
      clock,
      onChange: (id) => changed.push(id),
      onEnd: (execution) => {
        ended.push(execution);
        inquiries.follow(execution);
      },
    });
    inquiries.start();
    return inquiries;
  };
  const bench = {
    clock,
    changed,
    ended,
    inquiries: start(),
    status: (id: string) => store.executions.get(id)?.status,
    ask(id: string, more: JsonObject = {}) {
      const at = new Date(clock.now()).toISOString();
      const asked = { id, action: 'core.ask' as ResourceRef, runner: 'inquirer', parameters: {}, steps: [] };
      store.executions.insert({ ...asked, status: 'running', context: { source: 'rule' }, createdAt: at }, {});
      const result = { schema: DEFAULT_SCHEMA, roles: [], users: [], route: '', ttl: 1440, ...more };
      const pending = store.executions.move(id, ['running'], 'pending', { startedAt: at, result });
      if (pending) bench.inquiries.follow(pending);
    },
    cancel(id: string) {
      const canceled = store.executions.move(id, ['pending'], 'canceled');
      if (canceled) bench.inquiries.follow(canceled);
    },
    restart(meanwhile: () => void) {
      bench.inquiries[Symbol.dispose]();
      meanwhile();
      bench.inquiries = start();
    },
    [Symbol.dispose]() {
      bench.inquiries[Symbol.dispose]();
      store[Symbol.dispose]();
    },
  };
  return bench;
}
