import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef } from 'react';

const LINE_PX = 21;
/** So near to the end counts as being there. */
const END_PX = 40;

type LogListProps<T> = {
  readonly label: string;
  readonly empty: string;
  readonly lines: readonly T[];
  readonly children: (line: T) => ReactNode;
};

/** Lines of any number, of which only those in sight exist. Stays at the end as long as the reader is at the end. */
export function LogList<T>({ label, empty, lines, children }: LogListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  useLayoutEffect(() => {
    if (lines.length > 0 && atEnd.current) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [lines.length, virtual]);
  if (lines.length === 0) return <p className="quiet">{empty}</p>;
  return (
    <div
      ref={box}
      className="log mono"
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < END_PX;
      }}
    >
      <div className="log-lines" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          return (
            line !== undefined && (
              <div
                key={index}
                data-index={index}
                ref={virtual.measureElement}
                className="log-line"
                style={{ transform: `translateY(${start}px)` }}
              >
                {children(line)}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
