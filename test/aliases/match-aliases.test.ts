import { expect, test } from 'vitest';
import { aliasParameters } from '../../main/aliases/alias-parameters.ts';
import { candidatesOf, chooseMatch, matchesOf } from '../../main/aliases/match-aliases.ts';
import { fakeAlias } from '../support/fake-aliases.ts';

const SAY = fakeAlias('demo.say', 'core.echo', 'say {{message}}');
const TELL = fakeAlias('demo.tell', 'core.echo', 'tell {{message}}');
const EACH = { ...SAY, formats: [{ display: 'each', representations: ['each'], matchMultiple: true }] };

test('an alias that is switched off is no candidate', () => {
  expect(candidatesOf([SAY, { ...TELL, enabled: false }]).map(({ alias }) => alias.ref)).toEqual(['demo.say']);
});

test('a group that took no part is left to the action’s default', () => {
  const [match] = matchesOf(candidatesOf([SAY]), [[{ message: 'hi', loud: null }]]);
  expect(match).toMatchObject({ alias: 'demo.say', action: 'core.echo', parameters: [{ message: 'hi' }] });
});

test('a format that matches several times counts only where no other fits', () => {
  const candidates = candidatesOf([EACH, TELL]);
  const twice = [{ message: 'a' }, { message: 'b' }];
  expect(matchesOf(candidates, [twice, []])).toMatchObject([{ representation: 'each', parameters: twice }]);
  expect(matchesOf(candidates, [twice, [{ message: 'x' }]])).toMatchObject([{ alias: 'demo.tell' }]);
});

test('what two formats fit is refused, until one of them is named', () => {
  const matches = matchesOf(candidatesOf([SAY, TELL]), [[{ message: 'a' }], [{ message: 'a' }]]);
  expect(() => chooseMatch(matches, { text: 'x' })).toThrow('`x` fits more than one alias: `demo.say`, `demo.tell`');
  expect(chooseMatch(matches, { text: 'x', alias: TELL.ref }).alias).toBe('demo.tell');
  expect(chooseMatch(matches, { text: 'x', representation: 'say {{message}}' }).alias).toBe('demo.say');
  expect(() => chooseMatch([], { text: 'x' })).toThrow('`x` fits no alias');
});

test('a list is said with commas', () => {
  const specs = { hosts: { type: 'array' as const }, note: { type: 'string' as const } };
  expect(aliasParameters(SAY, { hosts: 'a, b ,c', note: 'a, b' }, {}, specs)).toEqual({
    hosts: ['a', 'b', 'c'],
    note: 'a, b',
  });
});

test('what an alias fixes cannot be said otherwise', () => {
  expect(aliasParameters(SAY, { a: '1' }, { loud: true }, {})).toEqual({ a: '1', loud: true });
  expect(() => aliasParameters(SAY, { loud: 'no' }, { loud: true }, {})).toThrow('`demo.say` fixes `loud`');
});
