import { toFault } from '../../main/contract/errors.ts';
import { RichText } from './RichText.tsx';

/** A refusal or failure: its sentence, its hint and its stable code, to search for. */
export function FaultNote({ error }: { error: unknown }) {
  const fault = isFaultLike(error) ? error : toFault(error);
  return (
    <div className="fault" role="alert">
      <div>
        <RichText>{fault.message}</RichText>
      </div>
      {fault.hint && (
        <div className="problem-hint">
          <RichText>{fault.hint}</RichText>
        </div>
      )}
      <div className="fault-code mono">{fault.code}</div>
    </div>
  );
}

type FaultLike = { readonly code: string; readonly message: string; readonly hint?: string | undefined };

function isFaultLike(error: unknown): error is FaultLike {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'message' in error
  );
}
