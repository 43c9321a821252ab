import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Client } from '../../main/contract/rpc.ts';
import { type Connected, connectToApp } from '../../main/headless/websocket-client.ts';
import { withSharedTools } from './shared-tools.ts';
import { until } from './until.ts';

export type HeadlessApp = {
  readonly pid: number;
  readonly client: Client;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The address of the window, with its token. */
  readonly address: string;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
} & AsyncDisposable;

const CLI = path.resolve('main/headless/cli.ts');
/** What `npm start` runs. */
const BUILT = path.resolve('out/main/cli.js');

type Options = {
  readonly asUser?: boolean;
  /** Runs what was built, which has to be there. */
  readonly isBuilt?: boolean;
};

/**
 * The app as people start it, in a process of its own: all below `home`, or, with `asUser`, where it puts things for a
 * person whose home folder that is.
 */
export async function startHeadlessApp(home: string, options: Options = {}): Promise<HeadlessApp> {
  const { STORMLET_HOME: _, XDG_DATA_HOME: __, XDG_CONFIG_HOME: ___, ...others } = process.env;
  const own = options.asUser ? { HOME: home } : { STORMLET_HOME: home };
  const data = options.asUser ? path.join(home, '.local', 'share', 'stormlet') : path.join(home, 'data');
  const environment = withSharedTools({ ...others, ...own });
  const child = spawn(process.execPath, [options.isBuilt ? BUILT : CLI, 'start', '--headless'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += String(text)));
  const address = await until('the app is up', () => {
    if (child.exitCode !== null) throw new Error(`the app ended: ${printed}`);
    return /http:\/\/\S+#token=\S+/.exec(printed)?.[0];
  });
  const connected: Connected = await connectToApp(data);
  const end = async (signal: NodeJS.Signals) => {
    connected[Symbol.dispose]();
    signalOnce(child, signal);
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    client: connected.client,
    home,
    environment,
    address,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

/** What the command line prints, and how it ended. */
export async function stormlet(app: Pick<HeadlessApp, 'environment'>, ...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { env: app.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += String(text)));
  child.stderr.on('data', (text) => (output.stderr += String(text)));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ...output, exitCode };
}

function signalOnce(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
}
