import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import type { RetryPolicy } from '../../main/contract/policies.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { retryOf } from '../../main/executions/retry.ts';
import { execution } from './start-bench.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const policy = (more: Partial<RetryPolicy> = {}): RetryPolicy => ({
  ref: 'demo.again' as ResourceRef,
  on: 'failed',
  count: 2,
  delayMs: 0,
  ...more,
});
const failed = (more: Partial<Execution> = {}) =>
  execution('a', { status: 'failed', parameters: { token: '********' }, ...more });
const retry = (ended: Execution, ...policies: RetryPolicy[]) => retryOf(ended, { token: 't' }, policies, 'b', NOW);

test('what failed is tried again with the same parameters, and says of what it is the next attempt', () => {
  expect(retry(failed(), policy())).toEqual({
    parameters: { token: 't' },
    execution: execution('b', {
      parameters: { token: '********' },
      context: { source: 'cli', policies: { retry: { policy: policy().ref, count: 1, of: 'a' } } },
      createdAt: NOW,
    }),
  });
});

test('after as many attempts as the policy allows it is left', () => {
  const second = retry(failed(), policy())?.execution;
  const third = second && retry({ ...second, id: 'b', status: 'failed' }, policy())?.execution;
  expect(third?.context.policies?.retry).toMatchObject({ count: 2, of: 'b' });
  expect(third && retry({ ...third, status: 'failed' }, policy())).toBeUndefined();
});

test('what held back the attempt before is not said of the next', () => {
  const heldBy = 'demo.one' as ResourceRef;
  const ended = failed({ context: { source: 'cli', policies: { heldBy } } });
  expect(retry(ended, policy())?.execution.context.policies).toEqual({
    retry: { policy: policy().ref, count: 1, of: 'a' },
  });
});

test('an attempt waits as long as the policy says', () => {
  expect(retry(failed(), policy({ delayMs: 5000 }))?.execution).toMatchObject({
    status: 'delayed',
    delay: { reason: 'the policy `demo.again` tries it again, 1 of 2', until: '2026-01-01T00:00:05.000Z' },
  });
});

test.each([
  ['succeeded', failed({ status: 'succeeded' }), policy()],
  ['was canceled', failed({ status: 'canceled' }), policy()],
  ['took too long, where only failures are tried again', failed({ status: 'timeout' }), policy()],
  ['failed, where only timeouts are tried again', failed(), policy({ on: 'timeout' })],
  ['is a step of a workflow', failed({ context: { source: 'engine', parent: 'w' } }), policy()],
])('what %s is not tried again', (_, ended, given) => {
  expect(retry(ended, given)).toBeUndefined();
});
