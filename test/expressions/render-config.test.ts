import { expect, test } from 'vitest';
import { StormletError } from '../../main/contract/errors.ts';
import type { Json } from '../../main/contract/json.ts';
import type { ParameterSpec, ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { pathText } from '../../main/contract/spec-walk.ts';
import { renderConfig } from '../../main/expressions/render-config.ts';
import { Expressions } from '../../main/expressions/renderer.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

const SEALED = TEST_SEAL.seal('s3cret-text');
const KEYS: Record<string, string> = {
  name: 'ada',
  port: '5432',
  list: '[1, 2]',
  token: SEALED,
  looks: '{{ st2kv.system.name }}',
};

const datastore = {
  read: (_scope: 'system' | 'user', key: string) => KEYS[key],
  decrypt(text: string) {
    const plain = TEST_SEAL.open(text);
    if (plain === undefined) throw new Error('it is not encrypted');
    return plain;
  },
};
/** What needs Jinja itself: the filter is taken as done. */
const service = {
  render: async (template: string) => {
    if (template.includes('decrypt_kv')) return 's3cret-text';
    throw new StormletError({ code: 'expression/failed', kind: 'user', message: 'no such filter' });
  },
  variables: async () => [],
};
const by = { renderer: new Expressions({ service, datastore }), datastore };

async function render(specs: ParameterSpecs, values: Record<string, Json>) {
  return renderConfig({ pack: 'demo', specs, values, placeOf: (path) => `demo.yaml:${pathText(path)}` }, by);
}

test.each<[string, ParameterSpec, Json, Json]>([
  ['a text', {}, 'x {{ st2kv.system.name }}', 'x ada'],
  ['a text of the declared type', { type: 'integer' }, '{{ st2kv.system.port }}', 5432],
  ['a list', { type: 'array' }, '{{ st2kv.system.list }}', [1, 2]],
  ['what does not read as its type', { type: 'integer' }, '{{ st2kv.system.name }}', 'ada'],
  ['nothing', {}, '{{ st2kv.system.none }}', null],
  ['nothing, where there is a default', { default: 7 }, '{{ st2kv.system.none }}', 7],
  [
    'nothing, where the default is an expression',
    { default: '{{ st2kv.system.name }}' },
    '{{ st2kv.system.none }}',
    'ada',
  ],
  ['a default that gives nothing itself', { default: '{{ st2kv.system.none }}' }, '{{ st2kv.system.none }}', null],
  ['what looks like an expression once rendered', {}, '{{ st2kv.system.looks }}', '{{ st2kv.system.name }}'],
  ['a secret', { secret: true }, '{{ st2kv.system.token }}', 's3cret-text'],
  ['a secret that the template decrypts', { secret: true }, '{{ st2kv.system.token | decrypt_kv }}', 's3cret-text'],
  ['a sealed value that is no secret', {}, '{{ st2kv.system.token }}', SEALED],
  ['items and their keys', {}, [{ a: '{{ st2kv.system.name }}' }, 'b'], [{ a: 'ada' }, 'b']],
])('%s is rendered', async (_, spec, given, expected) => {
  expect((await render({ it: spec }, { it: given })).values).toEqual({ it: expected });
});

test('what a template decrypts is a secret too, whatever the schema says', async () => {
  const { masked, secrets } = await render({}, { it: '{{ st2kv.system.token | decrypt_kv }}' });
  expect([masked, secrets]).toEqual([{ it: '********' }, ['s3cret-text']]);
});

test.each<[string, ParameterSpec, string, RegExp]>([
  [
    'a secret that is not encrypted',
    { secret: true },
    '{{ st2kv.system.name }}',
    /`a\.it` in demo\.yaml:a\.it: it is a secret/,
  ],
  [
    'a template that is wrong',
    {},
    '{{ st2kv.system.name | wrong }}',
    /the pack `demo` .* `a\.it` in demo\.yaml:a\.it: no such/,
  ],
])('%s is one fault that names pack, key and place', async (_, spec, given, message) => {
  const specs: ParameterSpecs = { a: { type: 'object', properties: { it: spec } } };
  await expect(render(specs, { a: { it: given } })).rejects.toMatchObject({
    code: 'config/render-failed',
    message: expect.stringMatching(message),
  });
});
