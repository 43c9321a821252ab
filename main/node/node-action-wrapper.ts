/**
 * Runs one JavaScript or TypeScript action of a pack. Started by the app, or by hand:
 *
 *     node node-action-wrapper.ts --pack PACK --file-path …/actions/NAME.js
 *         [--parameters JSON] [--config JSON] [--action NAME] [--log-level LEVEL]
 *
 * prints what the action prints, and its result as the last line of stdout. The app hands all of it in on stdin
 * (`--setup-from-stdin`) or, where the process has none because Electron made it, as a message (`--setup-from-parent`): a
 * command line is read by everybody. It takes the result from the file STORMLET_RESULT.
 *
 * The action's module has a default export: a function `run(parameters, context)`, or a class with such a method, which is
 * made with the context. The context is `{ config, log, execution, action, pack }`. What `run` gives is the result; what it
 * throws fails the action. It imports Node's own modules alone.
 */
import childProcess from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

type SetUp = {
  readonly parameters: unknown;
  readonly config: unknown;
  readonly context: { readonly execution_id?: string; readonly action: string; readonly log_level: string };
};
type Log = Record<'debug' | 'info' | 'warning' | 'warn' | 'error', (message: unknown) => void>;
type Context = {
  readonly config: unknown;
  readonly log: Log;
  readonly execution: string | undefined;
  readonly action: string;
  readonly pack: string;
};
type Runnable = { run(parameters: unknown, context: Context): unknown };
type RunnableClass = new (context: Context) => Runnable;
/** What a process that Electron made (`utilityProcess.fork`) has of the one that made it. */
type Parent = { once(event: 'message', listener: (message: { readonly data: string }) => void): unknown };

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];

const { values: words } = parseArgs({
  options: {
    pack: { type: 'string', default: '' },
    'file-path': { type: 'string', default: '' },
    parameters: { type: 'string', default: '{}' },
    config: { type: 'string', default: '{}' },
    action: { type: 'string', default: '' },
    'log-level': { type: 'string', default: 'DEBUG' },
    'setup-from-stdin': { type: 'boolean', default: false },
    'setup-from-parent': { type: 'boolean', default: false },
  },
});

const resultFile = process.env.STORMLET_RESULT;
// What the action starts in its turn has no business with it.
delete process.env.STORMLET_RESULT;
delete process.env.ELECTRON_RUN_AS_NODE;

const { parentPort: parent } = process as unknown as { readonly parentPort?: Parent };
if (parent) behaveAsNode();
void main();

async function main(): Promise<void> {
  try {
    const result = await runAction(await setUp());
    tell({ result: asJson(result) });
    leave(0);
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
    tell({ error: message, ...(hasResult(error) && { result: asJson(error.result) }) });
    leave(1);
  }
}

/** Electron's Node differs from Node itself; to an action it should not. */
function behaveAsNode(): void {
  // Files that end in `.asar` are files.
  Object.assign(process, { noAsar: true });
  // Here a rejection that nobody handles is only a warning.
  process.on('unhandledRejection', (reason) => {
    if (process.listenerCount('unhandledRejection') === 1) throw reason;
  });
  // The program that runs is the app, and no Node for others; what an action starts as one is the machine's.
  process.execPath = 'node';
  const { fork } = childProcess;
  Object.assign(childProcess, {
    fork(file: string, args?: readonly string[] | object, options?: object) {
      const isArgs = Array.isArray(args);
      return fork(file, isArgs ? args : [], { execPath: process.execPath, ...(isArgs ? options : args) });
    },
  });
  syncBuiltinESMExports();
}

async function setUp(): Promise<SetUp> {
  if (words['setup-from-parent']) return JSON.parse(await messageOf(parent));
  if (words['setup-from-stdin']) return JSON.parse(readFileSync(0, 'utf8'));
  return {
    parameters: JSON.parse(words.parameters),
    config: JSON.parse(words.config),
    context: { action: words.action, log_level: words['log-level'] },
  };
}

function messageOf(from: Parent | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    if (from) from.once('message', ({ data }) => resolve(data));
    else reject(new Error('`--setup-from-parent` is for a process that Electron made'));
  });
}

async function runAction({ parameters, config, context }: SetUp): Promise<unknown> {
  const module: { default?: unknown } = await import(pathToFileURL(words['file-path']).href);
  const action = module.default;
  const about: Context = {
    config,
    log: logger(context.log_level),
    execution: context.execution_id,
    action: context.action,
    pack: words.pack,
  };
  if (isClass(action)) return new action(about).run(parameters, about);
  if (typeof action === 'function') return action(parameters, about);
  if (isRunnable(action)) return action.run(parameters, about);
  throw new TypeError('its default export is neither a function nor a class with a method `run`');
}

function isClass(value: unknown): value is RunnableClass {
  return typeof value === 'function' && isRunnable(value.prototype);
}

function isRunnable(value: unknown): value is Runnable {
  return typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'function';
}

/** Lines on stderr: stdout is the action's own. */
function logger(level: string): Log {
  const from = Math.max(0, LEVELS.indexOf(String(level).toUpperCase()));
  const at = (name: string) => (message: unknown) => {
    if (LEVELS.indexOf(name) >= from) process.stderr.write(`${name.padEnd(8)}${text(message)}\n`);
  };
  const warning = at('WARNING');
  return { debug: at('DEBUG'), info: at('INFO'), warning, warn: warning, error: at('ERROR') };
}

function text(message: unknown): string {
  if (message instanceof Error) return message.stack ?? message.message;
  return typeof message === 'string' ? message : JSON.stringify(asJson(message));
}

function hasResult(error: unknown): error is Error & { result: unknown } {
  return error instanceof Error && 'result' in error;
}

/** What JSON has no form for becomes the nearest that it has, rather than failing an action that did its work. */
function asJson(value: unknown): unknown {
  if (value === undefined) return null;
  const plain = JSON.stringify(value, (_, item) => {
    if (typeof item === 'bigint') return String(item);
    if (item instanceof Map) return Object.fromEntries(item);
    if (item instanceof Set) return [...item];
    return item;
  });
  return plain === undefined ? null : JSON.parse(plain);
}

function tell(outcome: { readonly result?: unknown; readonly error?: string }): void {
  if (resultFile) writeFileSync(resultFile, JSON.stringify(outcome), { mode: 0o600 });
  else if ('result' in outcome) process.stdout.write(`${JSON.stringify(outcome.result)}\n`);
}

/** At once, whatever timers and sockets the action left open, but not before all that it printed is out. */
function leave(exitCode: number): void {
  process.exitCode = exitCode;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
