import type { Execution } from '../../main/contract/executions.ts';
import type { PolicySummary } from '../../main/contract/policies.ts';
import { type ResourceRef as Ref, ResourceRef } from '../../main/contract/refs.ts';
import { fakePolicy } from '../support/fake-policies.ts';

const GREET = ResourceRef.parse('examples.greet_file');
const DEPLOY = ResourceRef.parse('core.http');

/** One of each kind: the person's own, a pack's that is off, and one that is broken. */
export function fakePolicies(): PolicySummary[] {
  const own = fakePolicy({
    ref: ResourceRef.parse('default.one_greeting_each'),
    resource: GREET,
    type: 'action.concurrency.attr',
    parameters: { threshold: 1, action: 'delay', attributes: ['path'] },
  });
  const retry = fakePolicy({
    ref: ResourceRef.parse('examples.greet_again'),
    resource: GREET,
    type: 'action.retry',
    parameters: { retry_on: 'failure', max_retry_count: 3, delay: 10 },
  });
  const broken = fakePolicy({
    ref: ResourceRef.parse('default.few_requests'),
    resource: DEPLOY,
    type: 'action.concurrency',
    parameters: { threshold: 'many' },
  });
  const problem = {
    severity: 'error',
    code: 'policy/parameters-invalid',
    message: '`parameters.threshold`: expected number, received string',
    file: broken.file,
    line: 6,
  } as const;
  return [
    own,
    { ...retry, origin: 'pack', enabled: false, state: 'disabled', file: retryFile('greet_again') },
    { ...broken, state: 'broken', problems: [problem] },
  ];
}

function retryFile(name: string): string {
  return `/home/ada/.local/share/stormlet/packs/examples/policies/${name}.yaml`;
}

/** What policies and limits made of some executions. */
export function boundedExecutions(now: number): Execution[] {
  const at = (seconds: number) => new Date(now - 86_400_000 * 3 + seconds * 1000).toISOString();
  const base = { action: GREET, runner: 'python-script', parameters: { path: '/a.txt', size: 5 }, steps: [] };
  const heldBy: Ref = ResourceRef.parse('default.one_greeting_each');
  return [
    {
      ...base,
      id: 'run-held',
      status: 'succeeded',
      context: { source: 'window', policies: { heldBy } },
      createdAt: at(0),
      startedAt: at(12),
      endedAt: at(13),
      isolation: 'forked',
      result: { result: 'Hello', stdout: 'x\n', stderr: '', exit_code: 0, output_truncated: true },
    },
    {
      ...base,
      id: 'run-waits',
      status: 'delayed',
      context: { source: 'window', policies: { heldBy } },
      createdAt: at(1),
      delay: { reason: `the policy \`${heldBy}\` allows 1 at one time with the same \`path\`` },
    },
    {
      ...base,
      id: 'run-over-limit',
      status: 'failed',
      context: {
        source: 'window',
        policies: { retry: { policy: ResourceRef.parse('examples.greet_again'), count: 1, of: 'run-held' } },
      },
      createdAt: at(2),
      startedAt: at(3),
      endedAt: at(4),
      isolation: 'forked',
      fault: {
        code: 'action/over-limit',
        kind: 'pack',
        message: `\`${GREET}\` needed more than its 4096 MB of memory`,
        hint: `raise it with \`stormlet python set --action ${GREET} memoryMb=NUMBER\` (0: no limit)`,
        details: { limit: 'memoryMb' },
      },
    },
  ];
}
