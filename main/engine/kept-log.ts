import type { LogLevel, LogLine } from '../contract/logs.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { type Log, logText } from '../kit/log.ts';

/** So many lines are held for a window that opens; the file has all of them. */
const MOST_LINES = 2_000;
const BURST_MS = 100;

/**
 * A log that passes everything on to the host's, holds the last lines, and tells of new ones a moment after they came, all
 * of that moment at once. Debug lines are left to the host.
 */
export class KeptLog implements Disposable {
  readonly #clock: Clock;
  readonly #lines: LogLine[] = [];
  readonly log: Log;
  #onLines: (lines: LogLine[]) => void = () => {};
  #waiting: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log, clock: Clock) {
    this.#clock = clock;
    this.log = this.#keeping(log, '');
  }

  /** The last ones, the oldest first. */
  last(count: number): LogLine[] {
    return this.#lines.slice(-count);
  }

  follow(onLines: (lines: LogLine[]) => void): void {
    this.#onLines = onLines;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #keeping(inner: Log, scope: string): Log {
    const at = (level: Exclude<LogLevel, 'debug'>) => (message: string, values?: Record<string, unknown>) => {
      inner[level](message, values);
      this.#keep({ at: isoTime(this.#clock), level, scope, text: logText(message, values) });
    };
    return {
      debug: inner.debug.bind(inner),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      scope: (name) => this.#keeping(inner.scope(name), name),
    };
  }

  #keep(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
    this.#waiting.push(line);
    this.#timer ??= setTimeout(() => this.#tell(), BURST_MS).unref();
  }

  #tell(): void {
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    this.#onLines(lines);
  }
}
