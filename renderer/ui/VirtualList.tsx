import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { stepThroughLinks } from './step-through-links.ts';

type VirtualListProps<T> = {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Its height as long as it was not seen, in pixels. */
  readonly guess: (item: T) => number;
  readonly className?: string;
  readonly children: (item: T) => ReactNode;
};

/** A list of any length in a page that scrolls: only the items in sight exist. The arrows lead from item to item. */
export function VirtualList<T>({ label, items, keyOf, guess, className, children }: VirtualListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const margin = useRef(0);
  if (list.current) margin.current = placeOf(list.current);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => list.current?.closest('.page-scroll') ?? null,
    estimateSize: (index) => withItem(items[index], guess, 0),
    getItemKey: (index) => withItem(items[index], keyOf, String(index)),
    scrollMargin: margin.current,
    overscan: 8,
  });
  return (
    <ul
      ref={list}
      className={`virtual-list ${className ?? ''}`}
      aria-label={label}
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={stepThroughLinks}
    >
      {virtual.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={key}
          ref={virtual.measureElement}
          className="virtual-item"
          data-index={index}
          aria-setsize={items.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start - margin.current}px)` }}
        >
          {withItem(items[index], children, null)}
        </li>
      ))}
    </ul>
  );
}

function withItem<T, R>(item: T | undefined, use: (item: T) => R, otherwise: R): R {
  return item === undefined ? otherwise : use(item);
}

/** How far below the beginning of what scrolls it begins. */
function placeOf(list: HTMLElement): number {
  const scroll = list.closest('.page-scroll');
  if (!scroll) return 0;
  return list.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop;
}
