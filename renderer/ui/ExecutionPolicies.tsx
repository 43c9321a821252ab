import { Link } from '@tanstack/react-router';
import type { Execution } from '../../main/contract/executions.ts';
import { duration } from './times.ts';

/** What policies had to do with it, as terms and details: by which it had to wait, and which attempt it is. */
export function ExecutionPolicies({ execution }: { execution: Execution }) {
  const { action, context, createdAt, startedAt } = execution;
  const { heldBy, retry } = context.policies ?? {};
  return (
    <>
      {heldBy && (
        <>
          <dt>Waited for</dt>
          <dd>
            <Link to="/actions/$ref" params={{ ref: action }}>
              the policy {heldBy}
            </Link>
            {startedAt && `, until ${duration(createdAt, startedAt)} after it was requested`}
          </dd>
        </>
      )}
      {retry && (
        <>
          <dt>Attempt</dt>
          <dd>
            number {retry.count + 1}, by{' '}
            <Link to="/actions/$ref" params={{ ref: action }}>
              the policy {retry.policy}
            </Link>
            ;{' '}
            <Link to="/history/executions/$id" params={{ id: retry.of }}>
              the one before
            </Link>
          </dd>
        </>
      )}
    </>
  );
}
