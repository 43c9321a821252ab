export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line a call: scope, message, and the values that a reader needs to act. */
export interface Log {
  debug(message: string, values?: Record<string, unknown>): void;
  info(message: string, values?: Record<string, unknown>): void;
  warn(message: string, values?: Record<string, unknown>): void;
  error(message: string, values?: Record<string, unknown>): void;
  /** The same log under the name of a stage: `rules`, `runners`, … */
  scope(name: string): Log;
}

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Writes `TIME LEVEL scope: message key=value` lines. `debugScopes` are the stages whose debug lines are wanted. */
export function createLog(
  write: (line: string) => void,
  level: LogLevel,
  debugScopes: readonly string[] = [],
  scope = '',
): Log {
  const at = (lineLevel: LogLevel) => (message: string, values?: Record<string, unknown>) => {
    if (RANK[lineLevel] < RANK[level] && !debugScopes.includes(scope)) return;
    const from = scope ? `${scope}: ` : '';
    write(`${new Date().toISOString()} ${lineLevel.padEnd(5)} ${from}${logText(message, values)}`);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    scope: (name) => createLog(write, level, debugScopes, name),
  };
}

/** `message key=value`. */
export function logText(message: string, values: Record<string, unknown> = {}): string {
  const details = Object.entries(values).map(([key, value]) => ` ${key}=${text(value)}`);
  return `${message}${details.join('')}`;
}

function text(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message);
  return typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
}

export const silentLog: Log = createLog(() => {}, 'error');
