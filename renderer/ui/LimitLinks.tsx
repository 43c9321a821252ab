import { Link } from '@tanstack/react-router';
import type { Execution } from '../../main/contract/executions.ts';
import { isJsonObject } from '../../main/contract/json.ts';

/** Where the limit is set that an execution ran into, or that its output was cut off by. */
export function LimitLinks({ execution: { action, fault, result, runner } }: { execution: Execution }) {
  const isCut = isJsonObject(result) && result.output_truncated === true;
  return (
    <>
      {fault?.code === 'policy/no-place' && (
        <Link to="/actions/$ref" params={{ ref: action }}>
          Change its policies
        </Link>
      )}
      {isCut && <p className="quiet">It printed more than is kept of its output; the rest was thrown away.</p>}
      {(fault?.code === 'action/over-limit' || (isCut && runner === 'python-script')) && (
        <Link to="/settings" search={{ section: 'limits', of: action }}>
          Change its limits
        </Link>
      )}
    </>
  );
}
