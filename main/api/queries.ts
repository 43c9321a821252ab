import { z } from 'zod';
import type { Reply } from './route.ts';

/** Pieces that the queries of many routes are made of, and what lists answer. */

/** A comma between several; the name may also come several times. */
export const Names = z.string().transform((text) => text.split(',').filter((name) => name !== ''));

export const Flag = z
  .enum(['true', 'false', 'True', 'False', '1', '0'])
  .transform((text) => ['true', 'True', '1'].includes(text));

/** StackStorm's own page; -1 is all there is. */
export const DEFAULT_LIMIT = 100;
export const paging = {
  limit: z.coerce.number().int().min(-1).max(100_000).default(DEFAULT_LIMIT),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
};

export const attributes = { include_attributes: Names.optional(), exclude_attributes: Names.optional() };
export type Attributes = {
  readonly include_attributes?: readonly string[] | undefined;
  readonly exclude_attributes?: readonly string[] | undefined;
};

/** Which parts of an item are wanted; a dotted name stands for the part that it lies in. */
export function pickAttributes<T extends object>(item: T, wanted: Attributes): T {
  const { include_attributes: included, exclude_attributes: excluded } = wanted;
  const tops = included?.map((name) => name.split('.', 1)[0]);
  const kept = Object.entries(item).filter(
    ([key]) => (!tops || key === 'id' || tops.includes(key)) && !excluded?.includes(key),
  );
  return Object.fromEntries(kept) as T;
}

type Page = { readonly limit: number; readonly offset: number };

/** The asked page of a list that is in memory as a whole. */
export function pageOf<T>(items: readonly T[], { limit, offset }: Page): Reply<T[]> {
  const page = limit < 0 ? items.slice(offset) : items.slice(offset, offset + limit);
  return listed(page, items.length, limit);
}

export function listed<T>(items: readonly T[], total: number, limit: number): Reply<T[]> {
  const headers = { 'X-Total-Count': String(total), ...(limit >= 0 && { 'X-Limit': String(limit) }) };
  return { body: [...items], headers };
}

type HistoryPage<T> = { readonly items: readonly T[]; readonly more: boolean; readonly next?: string | undefined };

/** History is read in pages that go on from one another; StackStorm's offset is counted through them. */
export async function readFrom<T>(
  read: (page: { limit: number; before?: string }) => Promise<HistoryPage<T>>,
  { limit, offset }: Page,
): Promise<T[]> {
  const end = limit < 0 ? MOST_AT_ONCE + offset : offset + Math.min(limit, MOST_AT_ONCE);
  const found: T[] = [];
  let seen = 0;
  let before: string | undefined;
  while (seen < end) {
    const page = await read({ limit: Math.min(LARGEST_PAGE, end - seen), ...(before !== undefined && { before }) });
    for (const item of page.items) {
      if (seen >= offset && seen < end) found.push(item);
      seen += 1;
    }
    if (!page.more || page.next === undefined) break;
    before = page.next;
  }
  return found;
}

/** Of history, which has no end; more is asked for with an offset. */
const MOST_AT_ONCE = 1000;
const LARGEST_PAGE = 500;
