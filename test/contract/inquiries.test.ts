import { expect, test } from 'vitest';
import { checkResponse, inquiryFields } from '../../main/contract/inquiries.ts';

test('required names are a flag of each, or a list of all', () => {
  const properties = { a: { type: 'string', required: true }, b: { type: 'string' }, c: { type: 'string' } };
  const fields = inquiryFields({ type: 'object', properties, required: ['b'] });
  expect(Object.entries(fields).map(([name, { required }]) => [name, required])).toEqual([
    ['a', true],
    ['b', true],
    ['c', undefined],
  ]);
});

test('a field’s problem names the field', () => {
  const schema = {
    type: 'object',
    properties: { when: { properties: { hour: { type: 'integer' } } } },
    required: ['who'],
  };
  expect(checkResponse(schema, { when: { hour: 'x' } })).toEqual([
    { path: 'when.hour', message: '`when.hour` must be an integer, got "x"' },
  ]);
});

test.each([null, [], 'yes'])('%j is no response', (response) => {
  expect(checkResponse({}, response)).toEqual([{ path: 'response', message: 'the response must be an object' }]);
});
