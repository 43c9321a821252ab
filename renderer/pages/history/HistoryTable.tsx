import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { Waiting } from '../../ui/Loaded.tsx';
import { stepThroughLinks } from '../../ui/step-through-links.ts';

const ROW_PX = 38;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 20;

type HistoryTableProps<T extends { readonly id: string }> = {
  readonly kind: 'executions' | 'events';
  readonly label: string;
  readonly head: readonly { readonly name: string; readonly wide?: boolean }[];
  readonly rows: readonly T[];
  readonly more: boolean;
  /** A page is being read. */
  readonly busy: boolean;
  /** What is shown is what was asked for before. */
  readonly stale: boolean;
  readonly onMore: () => void;
  readonly empty: ReactNode;
  /** The row's `td`s. */
  readonly cells: (row: T) => ReactNode;
};

/** A table of which only the rows in sight exist; more are read as its end comes near. */
export function HistoryTable<T extends { readonly id: string }>(props: HistoryTableProps<T>) {
  const { kind, label, head, rows, empty, cells } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  useNextPage(shown.at(-1)?.index, props);

  if (rows.length === 0 && props.more) return <Waiting />;
  if (rows.length === 0) return empty;
  return (
    <div className="table-scroll" ref={scroll}>
      <table
        className="table"
        aria-label={label}
        aria-busy={props.stale}
        aria-rowcount={props.more ? -1 : rows.length + 1}
      >
        <thead>
          <tr aria-rowindex={1} className="table-row table-head" data-kind={kind}>
            {head.map(({ name, wide }) => (
              <th key={name} scope="col" className={wide ? 'table-wide' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={stepThroughLinks} style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, key, start }) => {
            const row = rows[index];
            return (
              row && (
                <tr
                  key={key}
                  aria-rowindex={index + 2}
                  className="table-row table-body-row"
                  data-kind={kind}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {cells(row)}
                </tr>
              )
            );
          })}
        </tbody>
      </table>
      {props.more && props.busy && (
        <p className="quiet table-foot" role="status">
          Looking further back…
        </p>
      )}
    </div>
  );
}

function useNextPage(
  lastIndex: number | undefined,
  props: Pick<HistoryTableProps<{ id: string }>, 'rows' | 'more' | 'busy' | 'onMore'>,
) {
  const { rows, more, busy, onMore } = props;
  const isNearEnd = (lastIndex ?? -1) >= rows.length - AHEAD;
  const wanted = isNearEnd && more && !busy;
  useEffect(() => {
    if (wanted) onMore();
  }, [wanted, onMore]);
}
