import type { RuleVerdict } from '../../../main/contract/triggers.ts';
import { FaultNote } from '../../ui/FaultNote.tsx';

/** Why a rule did not match, or why it could not run its action. */
export function VerdictReason({ verdict: { stoppedAt, seen, expected, fault } }: { verdict: RuleVerdict }) {
  return (
    <>
      {stoppedAt && (
        <p className="quiet verdict-reason">
          It stopped at <code className="literal">{stoppedAt}</code>, which was{' '}
          <code className="literal">{JSON.stringify(seen ?? null)}</code>
          {expected !== undefined && (
            <>
              {' '}
              against <code className="literal">{JSON.stringify(expected)}</code>
            </>
          )}
          .
        </p>
      )}
      {fault && <FaultNote error={fault} />}
    </>
  );
}
