import type { Json, JsonObject } from '../contract/json.ts';

/**
 * Variables of a workflow that are too large to be sent, parsed and frozen for every request anew: a copy of each stays with
 * the process. A value is known by its identity, which it keeps from one decision to the next.
 */
export class LargeValues {
  /** Null for what is small, or too large to be kept beside others. */
  readonly #known = new WeakMap<object, LargeValue | null>();
  #nextId = 1;

  /** Takes the large ones out. */
  split(variables: JsonObject): { readonly vars: JsonObject; readonly large: ReadonlyMap<string, LargeValue> } {
    const large = new Map<string, LargeValue>();
    for (const [name, value] of Object.entries(variables)) {
      const known = this.#find(value);
      if (known) large.set(name, known);
    }
    if (large.size === 0) return { vars: variables, large };
    return { vars: Object.fromEntries(Object.entries(variables).filter(([name]) => !large.has(name))), large };
  }

  #find(value: Json): LargeValue | null {
    if (typeof value !== 'object' || value === null) return null;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const size = sizeOf(value);
    const found = size >= MIN_SIZE && size <= MAX_SIZE ? { id: this.#nextId++, value, size } : null;
    this.#known.set(value, found);
    return found;
  }
}

export type LargeValue = { readonly id: number; readonly value: Json; readonly size: number };

/** What one process has of them. Its memory is bounded: a frozen copy takes some ten times the size of its JSON. */
export class KeptValues {
  readonly #sizes = new Map<number, number>();
  #total = 0;

  /** The lines that bring what the process does not have yet, and drop what was brought longest ago. */
  linesFor(values: Iterable<LargeValue>): string[] {
    const lines: string[] = [];
    for (const { id, value, size } of values) {
      if (this.#sizes.has(id)) continue;
      for (const [oldest, freed] of this.#sizes) {
        if (this.#total + size <= MAX_TOTAL) break;
        this.#sizes.delete(oldest);
        this.#total -= freed;
        lines.push(JSON.stringify({ forget: oldest }));
      }
      this.#sizes.set(id, size);
      this.#total += size;
      // Text within text: it is parsed where it is first read, by a request that may fail for it.
      lines.push(JSON.stringify({ keep: id, json: JSON.stringify(value) }));
    }
    return lines;
  }
}

const MIN_SIZE = 32 * 1024;
const MAX_SIZE = 3 * 1024 * 1024;
const MAX_TOTAL = 8 * 1024 * 1024;

/** Of what is too deep to be written, whoever encodes the request will say so. */
function sizeOf(value: object): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return 0;
  }
}
