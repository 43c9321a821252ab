import { StringDecoder } from 'node:string_decoder';

/** Characters kept of a stream where nobody says otherwise. */
export const DEFAULT_OUTPUT_LIMIT = 4 * 1024 * 1024;

/**
 * Keeps the first `limit` characters of a stream of UTF-8 and lets the rest go by, so that a chatty program neither blocks
 * nor fills memory. A character that comes in two pieces is one; what is no UTF-8 becomes replacement characters.
 */
export class OutputKeeper {
  readonly #limit: number;
  readonly #onText: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #kept: string[] = [];
  #size = 0;
  #truncated = false;

  constructor(limit: number, onText: (text: string) => void) {
    this.#limit = limit;
    this.#onText = onText;
  }

  get text(): string {
    return this.#kept.join('');
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  add(data: Buffer): void {
    if (!this.#truncated) this.#keep(this.#decoder.write(data));
  }

  /** No more will come: a character that never became whole is shown as what it is. */
  end(): void {
    if (!this.#truncated) this.#keep(this.#decoder.end());
  }

  #keep(text: string): void {
    const room = this.#limit - this.#size;
    this.#truncated = text.length > room;
    const part = this.#truncated ? text.slice(0, room) : text;
    if (part === '') return;
    this.#size += part.length;
    this.#kept.push(part);
    this.#onText(part);
  }
}
