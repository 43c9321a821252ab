type Row = { readonly id: string };
type Page<T extends Row> = { readonly items: T[]; readonly more: boolean; readonly next?: string | undefined };
export type Pages<T extends Row> = { pages: Page<T>[]; pageParams: unknown[] };

/** A list that stays open for days must not grow for days; what falls off the end is read again when scrolled to. */
const MOST_ROWS = 5_000;

/**
 * Lists of history with one changed row worked in, newest first: replaced where it is listed, taken out when the filter no
 * longer admits it, put in when it is new. `at` is the instant by which the list is ordered.
 */
export function mergeRow<T extends Row>(pages: Pages<T>, row: T, admits: boolean, at: (row: T) => string): Pages<T> {
  const rows = pages.pages.flatMap((page) => page.items);
  const index = rows.findIndex((listed) => listed.id === row.id);
  if (index < 0 && !admits) return pages;
  const { more = false } = pages.pages.at(-1) ?? {};
  if (index >= 0) {
    const next = admits ? rows.with(index, row) : rows.toSpliced(index, 1);
    return onePage(next, pages);
  }
  const place = rows.findIndex((listed) => at(listed) <= at(row));
  if (place < 0 && more) return pages;
  return onePage(rows.toSpliced(place < 0 ? rows.length : place, 0, row), pages);
}

/** Where it goes on is where the last page did, unless rows fell off the end. */
function onePage<T extends Row>(rows: T[], pages: Pages<T>): Pages<T> {
  const items = rows.slice(0, MOST_ROWS);
  const [firstParam = ''] = pages.pageParams;
  const last = pages.pages.at(-1);
  const isCut = items.length < rows.length;
  const next = isCut ? items.at(-1)?.id : last?.next;
  return { pages: [{ items, more: isCut || (last?.more ?? false), next }], pageParams: [firstParam] };
}
