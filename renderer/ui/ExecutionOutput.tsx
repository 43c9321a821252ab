import { useLayoutEffect, useRef } from 'react';
import type { Execution, OutputStream } from '../../main/contract/executions.ts';
import type { OutputLine } from '../client/output-lines.ts';
import { useOutput } from '../client/use-execution.ts';
import { AnsiLine } from './AnsiLine.tsx';
import { type AnsiStyle, readAnsi } from './ansi.ts';

/** What an execution prints, live. Stays at the end as long as the reader is at the end. */
export function ExecutionOutput({ execution }: { execution: Execution }) {
  const lines = useOutput(execution);
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (lines.length > 0 && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  if (lines.length === 0) return null;
  return (
    <div
      ref={box}
      className="output mono"
      role="log"
      aria-label="Output"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {styled(lines).map(({ key, stream, spans }) => (
        <div key={key} data-stream={stream}>
          <AnsiLine spans={spans} />
        </div>
      ))}
    </div>
  );
}

/** Each stream goes on in the style that its last line left on. */
function styled(lines: readonly OutputLine[]) {
  const left: Partial<Record<OutputStream, AnsiStyle>> = {};
  return lines.map(({ key, stream, text }) => {
    const { spans, after } = readAnsi(text.replace(/\r$/, ''), left[stream]);
    left[stream] = after;
    return { key, stream, spans };
  });
}
