import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import type { PackConfig } from '../../main/contract/pack-config.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { PackRef } from '../../main/contract/refs.ts';
import { draftOfConfig, readConfigDraft } from '../../renderer/pages/packs/config-draft.ts';
import type { FieldDraft, FieldDrafts } from '../../renderer/ui/field-draft.ts';
import { draftOf, readDraft } from '../../renderer/ui/parameter-draft.ts';

const LOGIN: ParameterSpecs = {
  host: { type: 'string', required: true },
  port: { type: 'integer', default: 80, maximum: 100 },
  password: { type: 'string', secret: true },
};
const SCHEMA: ParameterSpecs = {
  url: { type: 'string', default: 'http://default' },
  login: { type: 'object', properties: LOGIN },
  servers: { type: 'array', items: { type: 'object', properties: LOGIN } },
  pair: { type: 'array', items: [{ type: 'string' }, { type: 'integer' }] },
  tokens: { type: 'array', items: { type: 'string', secret: true } },
  profiles: { type: 'object', patternProperties: { '^[a-z]+$': { type: 'object', properties: LOGIN } } },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
};

function config(values: JsonObject): PackConfig {
  const nothing = { file: '', exists: true, yaml: '', problems: [], readable: [], missing: [], revision: '' };
  return { ...nothing, ref: PackRef.parse('demo'), schema: SCHEMA, values };
}

function edit(values: JsonObject, change: (draft: FieldDrafts) => FieldDrafts) {
  const before = draftOfConfig(config(values));
  return readConfigDraft(config(values), change(before), before);
}

const STORED: JsonObject = {
  url: '',
  login: {},
  servers: [
    { host: 'one', password: '********@servers[0].password' },
    { host: 'two', port: 'wrong' },
  ],
  profiles: { NotMatched: 1, a: { host: 'x', more: [1] } },
  unknown: { kept: [true] },
  tokens: [],
};

test('a field that nobody touched keeps its value, whatever it is', () => {
  expect(edit(STORED, (draft) => ({ ...draft }))).toEqual({ values: STORED, faults: {} });
  expect(edit(STORED, (draft) => ({ ...draft, url: 'x' })).values).toEqual({ ...STORED, url: 'x' });
});

test('a configuration shows its defaults nowhere as values', () => {
  expect(draftOfConfig(config({}))).toMatchObject({ url: '', login: { host: '', port: '' }, servers: '' });
  expect(edit({}, (draft) => ({ ...draft, login: { ...(draft.login as FieldDrafts), host: 'h' } })).values).toEqual({
    login: { host: 'h' },
  });
});

test('an item that changes places takes its masked secret with it', () => {
  const { values } = edit(STORED, (draft) => ({ ...draft, servers: [...(draft.servers as FieldDraft[])].reverse() }));
  expect(values.servers).toEqual([...(STORED.servers as Json[])].reverse());
});

test.each<[string, (draft: FieldDrafts) => FieldDrafts, string, Json | undefined]>([
  ['an item is added', (d) => ({ ...d, tokens: ['abc'] }), 'tokens', ['abc']],
  [
    'an item is removed',
    (d) => ({ ...d, servers: (d.servers as FieldDraft[]).slice(1) }),
    'servers',
    [(STORED.servers as Json[])[1] ?? null],
  ],
  ['the last item is removed', (d) => ({ ...d, servers: [] }), 'servers', []],
  ['positions have types of their own', (d) => ({ ...d, pair: ['1', '2'] }), 'pair', ['1', 2]],
  ['a key is added', (d) => ({ ...d, labels: { team: 'red' } }), 'labels', { team: 'red' }],
  [
    'a key below a pattern is added',
    (d) => ({ ...d, profiles: { b: { host: 'h', port: '9' } } }),
    'profiles',
    { b: { host: 'h', port: 9 } },
  ],
  [
    'an expression stands for a whole map',
    (d) => ({ ...d, login: '{{ st2kv.system.login }}' }),
    'login',
    '{{ st2kv.system.login }}',
  ],
  [
    'an expression stands for a number',
    (d) => ({ ...d, login: { host: 'h', port: '{{ st2kv.system.p }}' } }),
    'login',
    { host: 'h', port: '{{ st2kv.system.p }}' },
  ],
  ['an emptied field is none', (d) => ({ ...d, unknown: '' }), 'unknown', undefined],
])('%s', (_, change, name, expected) => {
  const { values, faults } = edit(STORED, change);
  expect(faults).toEqual({});
  expect(values[name]).toEqual(expected);
});

test('a fault stands at the place of its field', () => {
  const { faults } = edit({}, (draft) => ({ ...draft, servers: [{ host: 'h', port: '200' }, { port: 'x' }] }));
  expect(faults).toEqual({
    'servers[0].port': 'must be at most 100, got 200',
    'servers[1].port': 'a whole number is needed',
  });
});

test('an action’s nested parameters begin with their defaults, and demand what is required once anything is set', () => {
  const specs: ParameterSpecs = { login: { type: 'object', properties: LOGIN } };
  const draft = draftOf(specs);
  expect(draft).toEqual({ login: { host: '', port: '80', password: '' } });
  expect(readDraft(specs, draft, { expressions: false })).toEqual({ values: {}, faults: {} });
  const typed = { login: { host: '', port: '81', password: 's3cret' } };
  expect(readDraft(specs, typed, { expressions: false }).faults).toEqual({ 'login.host': 'a value is needed' });
  const sound = { login: { host: 'h', port: '80', password: 's3cret' } };
  expect(readDraft(specs, sound, { expressions: false }).values).toEqual({ login: { host: 'h', password: 's3cret' } });
});
