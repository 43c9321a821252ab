import type { Tone } from './status-tones.ts';

/** A state, always in the same place and shape: a dot in its colour and the word for it. */
export function Status({ tone, label }: { tone: Tone; label: string }) {
  return (
    <span className="status" data-tone={tone}>
      <span className="status-dot" aria-hidden />
      {label}
    </span>
  );
}
