import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import { compileCriteriaKey, datastoreKeyOf } from '../../main/rules/criteria-key.ts';

const ROOT: JsonObject = {
  trigger: {
    size: 5,
    none: null,
    text: 'abc',
    'a-b': 1,
    'a b': 2,
    '2fa': 3,
    body: { 'X-Header': ['one', 'two', { deep: true }], items: [{ id: 1 }, { id: 2 }, { name: 'x' }] },
    empty: [],
  },
};

const FOUND: readonly [key: string, value: Json][] = [
  ['trigger.size', 5],
  ['$.trigger.size', 5],
  ['trigger.size#again', 5],
  ['trigger . size', 5],
  ['trigger["size"]', 5],
  ["trigger['a b']", 2],
  ['trigger."a b"', 2],
  ['trigger[size]', 5],
  ['trigger.a-b', 1],
  ['trigger["2fa"]', 3],
  ['trigger.body["X-Header"][0]', 'one'],
  ['trigger.body["X-Header"][-1].deep', true],
  ['trigger.body["X-Header"].[1]', 'two'],
  ['trigger.body.items[*].id', 1],
  ['trigger.body.items[*].name', 'x'],
  ['trigger.body.items[1:].id', 2],
  ['trigger.body.*[0]', 'one'],
  ['trigger.text[1]', 'b'],
  ['trigger.size[*]', 5],
  ['trigger.none', null],
  // What is not there is null, never an error.
  ['trigger.absent', null],
  ['trigger.absent.deeper', null],
  ['trigger.text.length', null],
  ['trigger.body.items[9]', null],
  ['trigger.empty[0]', null],
  ['trigger.none[0]', null],
  ['trigger.constructor', null],
  ['size', null],
];

describe('the key of a criterion', () => {
  it.each(FOUND)('`%s` finds %j', (key, value) => {
    expect(compileCriteriaKey(key)(ROOT)).toEqual(value);
  });

  it.each([
    '',
    ' ',
    '.trigger',
    'trigger.',
    'trigger..size',
    'trigger.2fa',
    'trigger.0',
    'trigger size',
    'trigger[',
    'trigger["a]',
    'trigger[a.b]',
    '#x',
  ])('refuses `%s`', (key) => {
    expect(() => compileCriteriaKey(key)).toThrow('cannot be read');
  });

  it('says how a name that starts with a digit is written', () => {
    expect(() => compileCriteriaKey('trigger.2fa')).toThrow('a name that starts with a digit is written `["2fa"]`');
  });

  it.each(['trigger.size[0]', 'trigger.body[0]', 'trigger.body.items[-9]', 'trigger.none[*]'])(
    'fails where upstream does: `%s`',
    (key) => {
      expect(() => compileCriteriaKey(key)(ROOT)).toThrow(/needs a list|before the start/);
    },
  );

  it('may name a key of the datastore', () => {
    expect(datastoreKeyOf('system.limits.size#1')).toBe('limits.size');
    expect([datastoreKeyOf('trigger.system.x'), datastoreKeyOf('system')]).toEqual([undefined, undefined]);
  });
});
