import { createHash } from 'node:crypto';
import type { JsonObject } from '../contract/json.ts';
import type { Clipboard } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';

/**
 * Dispatches `clipboard.changed` where the configuration of the pack `clipboard` asks for it. No desktop tells of a change,
 * so it is looked for. The text itself is never logged, and between two looks only its hash is kept.
 */
export type ClipboardWatchDeps = {
  readonly clipboard: Clipboard;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the pack `clipboard`. */
  config(): JsonObject;
  dispatch(payload: JsonObject): void;
};

const LOOK_MS = 1000;
/** Where the configuration says nothing usable. */
const MAX_CHARACTERS = 10_000;

export class ClipboardWatch implements Disposable {
  readonly #deps: ClipboardWatchDeps;
  /** Undefined before the first look: what was there before is no change. */
  #last: string | undefined;
  #callOff: (() => void) | undefined;

  constructor(deps: ClipboardWatchDeps) {
    this.#deps = deps;
  }

  /** Starts or stops looking, as the configuration is now. */
  sync(): void {
    const isWanted = this.#deps.config().watch === true;
    if (isWanted && !this.#callOff) void this.#look();
    if (!isWanted) this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#last = undefined;
  }

  async #look(): Promise<void> {
    let isCalledOff = false;
    this.#callOff = () => {
      isCalledOff = true;
    };
    const text = await this.#read();
    if (isCalledOff) return;
    if (text !== undefined) this.#compare(text);
    this.#callOff = this.#deps.clock.after(LOOK_MS, () => void this.#look());
  }

  /** Undefined for what is no text, or is marked as a secret. */
  async #read(): Promise<string | undefined> {
    try {
      return await this.#deps.clipboard.readText();
    } catch (error) {
      this.#deps.log.warn('the clipboard could not be read', { error });
      return undefined;
    }
  }

  #compare(text: string): void {
    const hash = createHash('sha256').update(text).digest('hex');
    const isNews = this.#last !== undefined && this.#last !== hash;
    this.#last = hash;
    if (!isNews) return;
    const { max_characters: configured } = this.#deps.config();
    const limit = typeof configured === 'number' && configured >= 0 ? configured : MAX_CHARACTERS;
    this.#deps.dispatch({
      text: text.slice(0, limit),
      length: text.length,
      is_cut: text.length > limit,
      changed_at: isoTime(this.#deps.clock),
    });
  }
}
