import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import { tempFolder } from './temp-folder.ts';

export const PYTHON_FOLDER = path.resolve(import.meta.dirname, '../../main/python');

let interpreter: Promise<string> | undefined;

/** The machine's own Python, or the one that `STORMLET_TEST_PYTHON` names; the interpreter itself, not a launcher of it. */
export function findTestPython(): Promise<string> {
  const command = process.env.STORMLET_TEST_PYTHON ?? 'python3';
  interpreter ??= execa(command, ['-c', 'import sys; print(sys.executable)']).then((end) => end.stdout.trim());
  return interpreter;
}

/** A pack of the given files, by their paths in it, in a folder that goes with its scope. */
export async function tempPack(files: Readonly<Record<string, string>>, name = 'demo') {
  const parent = await tempFolder();
  const folder = path.join(parent.path, name);
  for (const [file, text] of Object.entries({ 'pack.yaml': `name: ${name}\n`, ...files })) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  return {
    path: folder,
    name,
    file: (inPack: string) => path.join(folder, inPack),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}

export type WrapperEnd = { readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string };

/** Runs a wrapper to its end, as a person does in a terminal. */
export async function runWrapper(
  wrapper: 'sensor_wrapper.py' | 'python_action_wrapper.py',
  args: readonly string[],
  options: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<WrapperEnd> {
  const end = await execa(await findTestPython(), [path.join(PYTHON_FOLDER, wrapper), ...args], {
    input: options.input ?? '',
    env: { PATH: process.env.PATH ?? '', USER: 'tester', ...options.env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
  return { exitCode: end.exitCode, stdout: end.stdout, stderr: end.stderr };
}

export type ActionSetup = {
  readonly parameters?: JsonObject;
  readonly config?: JsonObject;
  readonly context?: JsonObject;
  readonly bus?: JsonObject;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** The action's file. */
  readonly file?: string;
};

export type ActionEnd = WrapperEnd & {
  /** What the result file holds; undefined when there is none. */
  readonly answer: { status: boolean | null; result: Json } | undefined;
};

/** Runs one action as the app does: set-up on stdin, result in a file. */
export async function runAction(source: string, setup: ActionSetup = {}): Promise<ActionEnd> {
  const { parameters, config, context, bus, file = 'actions/act.py' } = setup;
  await using pack = await tempPack({ ...setup.files, [file]: source });
  const result = pack.file('result.json');
  const end = await runWrapper(
    'python_action_wrapper.py',
    ['--pack', pack.name, '--file-path', pack.file(file), '--setup-from-stdin', ...(setup.args ?? [])],
    { input: JSON.stringify({ parameters, config, context, bus }), env: { STORMLET_RESULT: result, ...setup.env } },
  );
  return { ...end, answer: existsSync(result) ? JSON.parse(await readFile(result, 'utf8')) : undefined };
}

export type RunningSensor = AsyncDisposable & {
  /** Lines of both streams so far. */
  readonly lines: string[];
  readonly stdin: NodeJS.WritableStream;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | undefined>;
};

export type SensorSetup = {
  readonly config?: JsonObject;
  readonly bus?: { host: string; port: number; username?: string; password?: string; client_id?: string };
  readonly triggers?: JsonObject[];
  readonly listen_to?: string;
  readonly report?: { topic: string; run: number };
};

/** Starts the class `Watch` of `file` as the app does: set-up in the first line of stdin, which stays open. */
export async function startSensor(
  file: string,
  setup: SensorSetup,
  options: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<RunningSensor> {
  const pack = path.basename(path.resolve(file, '../..'));
  const wrapper = path.join(PYTHON_FOLDER, 'sensor_wrapper.py');
  const names = ['--pack', pack, '--file-path', file, '--class-name', 'Watch', '--setup-from-stdin'];
  const child = execa(await findTestPython(), [wrapper, ...names, ...(options.args ?? [])], {
    env: { PATH: process.env.PATH ?? '', USER: 'tester', ...options.env },
    extendEnv: false,
    buffer: false,
    reject: false,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  child.stdin.write(`${JSON.stringify(setup)}\n`);
  const ended = child.then((end) => end.exitCode);
  return {
    lines,
    stdin: child.stdin,
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
