import { expect, test } from 'vitest';
import { NewPolicy, POLICY_PARAMETERS } from '../../main/contract/policies.ts';
import { policyInWords } from '../../main/contract/policy-words.ts';
import { emptyPolicy, newPolicyOf } from '../../renderer/pages/policies/policy-draft.ts';
import { action } from './fake-packs.ts';

const DEPLOY = action('aws.deploy', 'Deploys', {});

test('a form makes a policy that the engine takes, of each type', () => {
  const draft = emptyPolicy(DEPLOY, ['limit_deploy']);
  expect(draft.name).toBe('limit_deploy_2');
  for (const type of ['action.concurrency', 'action.concurrency.attr', 'action.retry'] as const) {
    const policy = newPolicyOf({ ...draft, type, attributes: ['host'] }, DEPLOY);
    expect(NewPolicy.parse(policy)).toEqual(policy);
    expect(POLICY_PARAMETERS[type].parse(policy.parameters)).toEqual(policy.parameters);
  }
});

test('a policy says in words what it does', () => {
  const words = (type: 'action.concurrency' | 'action.concurrency.attr' | 'action.retry', parameters: object) =>
    policyInWords({ type, parameters: { ...parameters } });
  expect(words('action.concurrency', { threshold: 1 })).toBe('One runs at one time; further ones wait.');
  expect(words('action.concurrency.attr', { threshold: 3, action: 'cancel', attributes: ['host', 'user'] })).toBe(
    '3 run at one time with the same `host` and `user`; further ones are canceled.',
  );
  expect(words('action.retry', { retry_on: 'timeout', max_retry_count: 1 })).toBe(
    'What takes longer than its time is tried once more, at once.',
  );
  expect(words('action.concurrency', { threshold: 'many' })).toBeUndefined();
});
