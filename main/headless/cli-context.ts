import { styleText } from 'node:util';
import type { Client } from '../contract/rpc.ts';
import type { AppFiles } from '../host-folders.ts';

/** What every command works with. */
export interface Cli {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths on the command line start. */
  readonly folder: string;
  readonly folders: { readonly config: string; readonly data: string };
  readonly app: AppFiles;
  /** True with `--json`: one JSON value on stdout, and nothing else there. */
  readonly json: boolean;
  /** Runs `work` with a client of the running app. */
  ask<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** The value with `--json`, its text for people otherwise. */
  show(value: unknown, text: () => string): void;
  /** The command did its work, and what it did went wrong: exit code 1. */
  fail(): void;
}

export function createCli(options: {
  readonly environment: Cli['environment'];
  readonly folders: Cli['folders'];
  readonly app: AppFiles;
  readonly isJson: () => boolean;
}): Cli {
  const { environment, folders, app, isJson } = options;
  return {
    environment,
    folders,
    app,
    folder: callersFolder(environment),
    get json() {
      return isJson();
    },
    async ask(work) {
      const { connectToApp } = await import('./websocket-client.ts');
      using connected = await connectToApp(folders.data);
      return await Promise.race([work(connected.client), connected.lost]);
    },
    show(value, text) {
      process.stdout.write(`${isJson() ? JSON.stringify(value, null, 2) : text()}\n`);
    },
    fail() {
      process.exitCode = 1;
    },
  };
}

/** `npm run stormlet` changes into the app's own folder first and leaves the caller's in `INIT_CWD`. */
function callersFolder(environment: Cli['environment']): string {
  const started = environment.npm_package_name === 'stormlet' ? environment.INIT_CWD : undefined;
  return started ?? process.cwd();
}

/** `error:` and `hint:` lines on stderr, as every command ends that could not do its work. */
export function printError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error ? error.hint : undefined;
  process.stderr.write(`${styleText(['red', 'bold'], 'error:', { stream: process.stderr })} ${message}\n`);
  if (typeof hint === 'string') {
    process.stderr.write(`${styleText(['cyan', 'bold'], 'hint:', { stream: process.stderr })} ${hint}\n`);
  }
}
