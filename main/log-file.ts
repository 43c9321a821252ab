import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { createLog, type Log } from './kit/log.ts';

export type LogFile = AsyncDisposable & { readonly log: Log };

/** Bytes. Past that, a start moves the file aside, over the one that was moved before. */
const LARGE = 10 * 1024 * 1024;

/**
 * `logs/stormlet.log` has everything from `info` on, and the debug lines of the stages named in `debugScopes`. The
 * terminal gets warnings and errors only: it belongs to the person.
 */
export function openLogFile(dataFolder: string, debugScopes: readonly string[]): LogFile {
  const file = path.join(dataFolder, 'logs', 'stormlet.log');
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > LARGE) renameSync(file, `${file}.1`);
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  const kept = createLog((line) => stream.write(`${line}\n`), 'info', debugScopes);
  const shown = createLog((line) => process.stderr.write(`${line}\n`), 'warn', debugScopes);
  return {
    log: both(kept, shown),
    [Symbol.asyncDispose]: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

function both(first: Log, second: Log): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, values?: Record<string, unknown>) => {
    first[level](message, values);
    second[level](message, values);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    scope: (name) => both(first.scope(name), second.scope(name)),
  };
}
