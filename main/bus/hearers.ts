import { covers } from '../contract/topic-filter.ts';

/** Topics that are known; the app announces on a few for each action, sensor and trigger. */
const MOST_KNOWN = 2000;

/**
 * Who may be hearing what. An announcement that nobody hears costs nothing then, and in a storm there are many. It may take
 * somebody for hearing who no longer does, never the other way round.
 */
export class Hearers<Client> {
  readonly #filters = new Map<Client, Set<string>>();
  readonly #known = new Map<string, boolean>();

  /** The client's subscription was granted. */
  grants(client: Client, filter: string): void {
    const filters = this.#filters.get(client) ?? new Set();
    this.#filters.set(client, filters.add(filter));
    this.#known.clear();
  }

  left(client: Client): void {
    if (this.#filters.delete(client)) this.#known.clear();
  }

  /** Whether the client hears some of what a filter takes in. */
  hears(client: Client, among: string): boolean {
    return [...(this.#filters.get(client) ?? [])].some((filter) => covers(among, filter) || covers(filter, among));
  }

  anyOf(topic: string): boolean {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    const isHeard = [...this.#filters.values()].some((filters) => [...filters].some((filter) => covers(filter, topic)));
    this.#known.set(topic, isHeard);
    return isHeard;
  }
}
