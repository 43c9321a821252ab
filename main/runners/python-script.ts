import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Fault } from '../contract/errors.ts';
import { isJsonObject, type Json } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { ProgramEnd, RunProgram } from '../supervisor/run-program.ts';
import type { RunJob, Runner, RunOutcome } from './runner.ts';

/**
 * Runs a Python action in a process of its own, under the interpreter of its pack's virtualenv, through
 * `python_action_wrapper.py`. Parameters and configuration go in on stdin and never on the command line; the result comes
 * back in a file and never on stdout, so an action may print whatever it likes.
 */
export type PythonScriptDeps = {
  readonly runProgram: RunProgram;
  /** Absolute path of the wrapper. */
  readonly wrapper: string;
  /** Where result files live while their action runs. */
  readonly resultFolder: string;
  /** The child's environment for this interpreter and pack. */
  environment(python: string, pack: string): Record<string, string>;
  /** The base environment's site-packages, when it is there: searched last. */
  baseSitePackages(): string | undefined;
  onStart(execution: string, pid: number): void;
};

/** Bytes of a result that is taken; a larger one fails the action instead of filling memory and history. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;

export const PYTHON_PARAMETERS: ParameterSpecs = {
  env: { type: 'object', description: 'Environment variables for the action.' },
  timeout: { type: 'integer', default: 600, description: 'Seconds after which the action is killed.', minimum: 1 },
  log_level: { type: 'string', default: 'DEBUG', description: "Level of the action's own logger." },
};

export function pythonScriptRunner(deps: PythonScriptDeps): Runner {
  return {
    name: 'python-script',
    parameters: PYTHON_PARAMETERS,
    run: (job, signal) => runPythonScript(deps, job, signal),
  };
}

async function runPythonScript(deps: PythonScriptDeps, job: RunJob, signal: AbortSignal): Promise<RunOutcome> {
  const { python } = job.pack;
  if (python === undefined) return { status: 'failed', fault: notReady(job) };
  if (job.entryPoint === undefined) return { status: 'failed', fault: noEntryPoint(job) };
  await mkdir(deps.resultFolder, { recursive: true, mode: 0o700 });
  const resultFile = path.join(deps.resultFolder, `${job.execution}.json`);
  const base = deps.baseSitePackages();
  try {
    const end = await deps.runProgram(
      {
        command: python,
        args: [
          deps.wrapper,
          ...['--pack', job.pack.ref, '--file-path', job.entryPoint, '--setup-from-stdin'],
          ...(base === undefined ? [] : ['--base-site-packages', base]),
        ],
        env: {
          ...deps.environment(python, job.pack.ref),
          ...requestedEnvironment(job),
          ST2_ACTION_PACK_NAME: job.pack.ref,
          ST2_ACTION_EXECUTION_ID: job.execution,
          STORMLET_EXECUTION_ID: job.execution,
          STORMLET_RESULT: resultFile,
        },
        input: JSON.stringify({
          parameters: job.parameters,
          config: job.pack.config,
          context: {
            execution_id: job.execution,
            action: job.action.ref,
            log_level: job.runnerParameters.log_level ?? 'DEBUG',
          },
        }),
        onOutput: job.onOutput,
        onStart: (pid) => deps.onStart(job.execution, pid),
      },
      signal,
    );
    return outcomeOf(job, end, await readResult(resultFile));
  } finally {
    await rm(resultFile, { force: true });
  }
}

/** PYTHONPATH would put foreign modules before the pack's own, so StackStorm refuses it and we leave it out. */
function requestedEnvironment(job: RunJob): Record<string, string> {
  const env = job.runnerParameters.env;
  if (!isJsonObject(env)) return {};
  const entries = Object.entries(env).filter(([name, value]) => name !== 'PYTHONPATH' && value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

type WrittenResult =
  | { readonly status: boolean | null; readonly result: Json }
  | { readonly problem: string }
  | undefined;

async function readResult(file: string): Promise<WrittenResult> {
  try {
    const { size } = await stat(file);
    if (size > MAX_RESULT_BYTES) return { problem: `its result has ${size} bytes, the limit is ${MAX_RESULT_BYTES}` };
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isJsonObject(value)) return { problem: 'its result file does not hold an object' };
    return { status: typeof value.status === 'boolean' ? value.status : null, result: value.result ?? null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { problem: `its result cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function outcomeOf(job: RunJob, end: ProgramEnd, written: WrittenResult): RunOutcome {
  if (end.startError !== undefined) return { status: 'failed', fault: cannotStart(job, end.startError) };
  const output = {
    // StackStorm's runner gives the text "None" where an action left no result, and rules compare with it.
    result: written && 'result' in written ? written.result : 'None',
    stdout: end.stdout,
    stderr: end.stderr,
    exit_code: end.exitCode ?? -1,
  };
  if (end.stopped === 'canceled') return { status: 'canceled', output };
  if (end.stopped === 'timeout') {
    const seconds = job.runnerParameters.timeout;
    return { status: 'timeout', output: { ...output, error: `it ran longer than ${seconds} seconds and was killed` } };
  }
  if (written && 'problem' in written) return { status: 'failed', fault: badResult(job, written.problem), output };
  if (end.exitCode !== 0) return { status: 'failed', fault: badEnd(job, end), output };
  if (written?.status === false) return { status: 'failed', fault: saidFailed(job), output };
  return { status: 'succeeded', output };
}

function notReady(job: RunJob): Fault {
  return {
    code: 'pack/not-ready',
    kind: 'environment',
    message: `the pack \`${job.pack.ref}\` has no virtualenv yet, so \`${job.action.ref}\` cannot run`,
    hint: `run \`stormlet pack setup-virtualenv ${job.pack.ref}\``,
  };
}

function noEntryPoint(job: RunJob): Fault {
  return {
    code: 'action/entry-point-missing',
    kind: 'pack',
    message: `\`${job.action.ref}\` names no Python file to run`,
    hint: `set \`entry_point\` in ${job.action.file}`,
  };
}

function cannotStart(job: RunJob, why: string): Fault {
  return {
    code: 'python/cannot-start',
    kind: 'environment',
    message: `the interpreter of the pack \`${job.pack.ref}\` cannot be started: ${why}`,
    hint: `rebuild its virtualenv: \`stormlet pack setup-virtualenv ${job.pack.ref}\``,
  };
}

function badResult(job: RunJob, problem: string): Fault {
  return { code: 'result/unusable', kind: 'pack', message: `\`${job.action.ref}\`: ${problem}` };
}

function badEnd(job: RunJob, end: ProgramEnd): Fault {
  const how = end.exitCode === undefined ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode}`;
  const lastLine = end.stderr.trimEnd().split('\n').at(-1)?.trim();
  return {
    code: end.exitCode === 1 ? 'action/raised' : 'action/exited',
    kind: 'pack',
    message: `\`${job.action.ref}\` ${how}${lastLine ? `: ${lastLine.slice(0, 500)}` : ''}`,
    hint: 'its stderr tells more',
  };
}

function saidFailed(job: RunJob): Fault {
  return { code: 'action/returned-failure', kind: 'pack', message: `\`${job.action.ref}\` reported that it failed` };
}
