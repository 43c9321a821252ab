import type { KeyboardEvent } from 'react';

/** The arrows lead from item to item, or from row to row: to the first link of the next one that has any. */
export function stepThroughLinks(event: KeyboardEvent<HTMLElement>): void {
  const { key, target } = event;
  if ((key !== 'ArrowDown' && key !== 'ArrowUp') || !(target instanceof HTMLAnchorElement)) return;
  let item = neighbour(target.closest('li, tr'), key);
  while (item && !item.querySelector('a')) item = neighbour(item, key);
  const link = item?.querySelector('a');
  if (!link) return;
  event.preventDefault();
  link.focus();
}

function neighbour(item: Element | null, key: string): Element | null {
  return (key === 'ArrowDown' ? item?.nextElementSibling : item?.previousElementSibling) ?? null;
}
