import path from 'node:path';
import type { JsonObject } from '../../main/contract/json.ts';
import { type ProgramEnd, runProgram } from '../../main/supervisor/run-program.ts';

const PYTHON_FOLDER = path.resolve(import.meta.dirname, '../../main/python');

type Started = {
  /** Lines of stdout so far. */
  readonly lines: () => string[];
  readonly stderr: () => string;
  /** Ends it as the app does, and tells how it ended. */
  readonly stop: () => Promise<ProgramEnd>;
} & AsyncDisposable;

/** Runs an action through its wrapper as a person does in a terminal. `answer` is the last line of stdout. */
export async function runActionByHand(
  python: string,
  file: string,
  given: { parameters: JsonObject; env?: Readonly<Record<string, string>> },
): Promise<{ readonly end: ProgramEnd; readonly answer: JsonObject }> {
  const pack = path.basename(path.resolve(file, '../..'));
  const args = ['--pack', pack, '--file-path', file, '--parameters', JSON.stringify(given.parameters)];
  const wrapper = path.join(PYTHON_FOLDER, 'python_action_wrapper.py');
  const env = environment(given.env);
  const end = await runProgram({ command: python, args: [wrapper, ...args], env }, new AbortController().signal);
  const last = end.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { end, answer: last.startsWith('{') ? JSON.parse(last) : {} };
}

/** Starts a sensor through its wrapper without a bus: each trigger instance is a line of JSON on stdout. */
export function startSensorByHand(
  python: string,
  file: string,
  given: { className: string; args?: readonly string[]; env?: Readonly<Record<string, string>> },
): Started {
  const pack = path.basename(path.resolve(file, '../..'));
  const options = ['--pack', pack, '--file-path', file, '--class-name', given.className, ...(given.args ?? [])];
  const printed = { stdout: '', stderr: '' };
  const stopping = new AbortController();
  const ended = runProgram(
    {
      command: python,
      args: [path.join(PYTHON_FOLDER, 'sensor_wrapper.py'), ...options],
      env: environment(given.env),
      onOutput: (stream, text) => {
        printed[stream] += text;
      },
    },
    stopping.signal,
  );
  const stop = () => {
    stopping.abort('canceled');
    return ended;
  };
  return {
    lines: () => printed.stdout.split('\n').filter((line) => line !== ''),
    stderr: () => printed.stderr,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** Without bytecode: a pack's folder stays as it is. */
function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1', ...extra };
}
