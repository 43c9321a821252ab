import { expect, test } from 'vitest';
import { PackRef } from '../../../main/contract/refs.ts';
import { loadPolicy } from '../../../main/packs/metadata/load-policies.ts';

const load = (text: string) => loadPolicy(PackRef.parse('demo'), 'pack', 'policies/p.yaml', text);
const HEAD = 'name: p\nresource_ref: demo.deploy\n';
const POLICY = `${HEAD}policy_type: action.concurrency\nparameters:\n  threshold: 2\n`;

test('a policy is on unless it says otherwise, and has the defaults of its type', () => {
  const { value, problems } = load(POLICY);
  expect(problems).toEqual([]);
  expect(value?.policy).toMatchObject({
    definition: { ref: 'demo.p', enabled: true, resource: 'demo.deploy', type: 'action.concurrency' },
    resourceLine: 2,
  });
  expect(value?.policy.definition.parameters).toEqual({ threshold: 2, action: 'delay' });
  expect(load(`${POLICY}enabled: false\n`).value?.policy.definition.enabled).toBe(false);
});

test.each([
  ['action.concurrency.attr', 'threshold: 1\n  attributes: [host]', { attributes: ['host'] }],
  ['action.retry', 'retry_on: failure', { max_retry_count: 2, delay: 0 }],
])('the type `%s` is known', (type, parameters, expected) => {
  const { value, problems } = load(`${HEAD}policy_type: ${type}\nparameters:\n  ${parameters}\n`);
  expect(problems).toEqual([]);
  expect(value?.policy.definition.parameters).toMatchObject(expected);
});

test.each([
  ['a threshold of nothing', POLICY.replace('2\n', '0\n'), 5, /`parameters\.threshold`/],
  ['another action', `${POLICY}  action: explode\n`, 6, /`parameters\.action`/],
  ['an unknown parameter', `${POLICY}  speed: 2\n`, 6, /has no parameter `speed`/],
  ['an unknown key', `${POLICY}when: now\n`, 6, /unknown key: `when`/],
  ['another pack', `${POLICY}pack: other\n`, 6, /`pack` is `other`/],
  [
    'six attempts',
    `${HEAD}policy_type: action.retry\nparameters:\n  retry_on: failure\n  max_retry_count: 6\n`,
    6,
    /max_/,
  ],
])('%s is refused, with the policy still listed', (_, text, line, message) => {
  const { value } = load(text);
  expect(value?.policy.problems).toEqual([expect.objectContaining({ severity: 'error', line })]);
  expect(value?.policy.problems[0]?.message).toMatch(message);
});

test.each([
  ['no name', POLICY.replace('name: p\n', ''), /`name` is missing/],
  ['an action without a pack', POLICY.replace('demo.deploy', 'deploy'), /`resource_ref` is written `pack\.name`/],
  ['an unknown type', POLICY.replace('action.concurrency', 'action.luck'), /unknown policy type: `action\.luck`/],
])('with %s there is no policy', (_, text, message) => {
  const { value, problems } = load(text);
  expect(value).toBeUndefined();
  expect(problems[0]?.message).toMatch(message);
});
