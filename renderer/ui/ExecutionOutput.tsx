import { useLayoutEffect, useRef } from 'react';
import type { Execution } from '../../main/contract/executions.ts';
import { useOutput } from '../client/use-execution.ts';

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
      {lines.map((line) => (
        <div key={line.key} data-stream={line.stream}>
          {line.text.replace(/\r$/, '') || ' '}
        </div>
      ))}
    </div>
  );
}
