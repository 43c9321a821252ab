import type { ParameterSpec } from '../../main/contract/parameter-spec.ts';
import { RichText } from './RichText.tsx';

/** What a schema says of a field: its description, its type, its bounds. */
export function SpecNote({ spec }: { spec: ParameterSpec }) {
  const any = spec.immutable ? undefined : 'any';
  const type = spec.type === undefined ? any : [spec.type].flat().join(' or ');
  const notes = [type, boundsOf(spec), spec.secret && 'secret', spec.immutable && 'fixed by the action'].filter(
    Boolean,
  );
  return (
    <>
      {spec.description && <RichText>{spec.description}</RichText>}
      <span className="field-type">
        {spec.description && ' · '}
        {notes.join(' · ')}
      </span>
    </>
  );
}

function boundsOf({ minimum, maximum }: ParameterSpec): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return maximum === undefined ? undefined : `at most ${maximum}`;
}
