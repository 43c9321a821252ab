import type { Pack } from '../pack.ts';

/** A pack that was read in one folder as it will be in another: every place that it names is there. */
export function relocatePack(pack: Pack, from: string, to: string): Pack {
  return relocate(pack, (text) => text.replaceAll(from, to)) as Pack;
}

/** A pack is plain data all the way down. */
function relocate(value: unknown, move: (text: string) => string): unknown {
  if (typeof value === 'string') return move(value);
  if (Array.isArray(value)) return value.map((item) => relocate(item, move));
  if (value instanceof Map) return new Map(relocate([...value], move) as [unknown, unknown][]);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, relocate(item, move)]));
}
