import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Fault } from '../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { ProgramEnd } from '../supervisor/run-program.ts';
import type { RunNode } from './node-processes.ts';
import type { RunJob, Runner, RunOutcome } from './runner.ts';

/**
 * `node-script`: a JavaScript or TypeScript action in a process of its own (`node-processes.ts`). Parameters and
 * configuration never go in on the command line; the result comes back in a file and never on stdout, so an action may print
 * whatever it likes. What the pack has in its `node_modules` is found as Node always does.
 */
export type NodeScriptDeps = {
  readonly runNode: RunNode;
  /** Where result files live while their action runs. */
  readonly resultFolder: string;
  environment(pack: string): Readonly<Record<string, string>>;
  onStart(execution: string, pid: number): void;
};

export const NODE_PARAMETERS: ParameterSpecs = {
  env: { type: 'object', description: 'Environment variables for the action.' },
  timeout: { type: 'integer', default: 600, description: 'Seconds after which the action is killed.', minimum: 1 },
  log_level: { type: 'string', default: 'DEBUG', description: 'Level of the action’s own log.' },
};

/** Bytes of a result that is taken; a larger one fails the action instead of filling memory and history. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;

export function nodeScriptRunner(deps: NodeScriptDeps): Runner {
  return {
    name: 'node-script',
    parameters: NODE_PARAMETERS,
    run: (job, signal) => runNodeScript(deps, job, signal),
  };
}

async function runNodeScript(deps: NodeScriptDeps, job: RunJob, signal: AbortSignal): Promise<RunOutcome> {
  if (job.entryPoint === undefined) return { status: 'failed', fault: noEntryPoint(job) };
  await mkdir(deps.resultFolder, { recursive: true, mode: 0o700 });
  const resultFile = path.join(deps.resultFolder, `${job.execution}.json`);
  try {
    const { end, isolation } = await deps.runNode(
      {
        args: ['--pack', job.pack.ref, '--file-path', job.entryPoint],
        cwd: job.pack.path,
        env: {
          ...deps.environment(job.pack.ref),
          ...job.apiEnvironment,
          ...requestedEnvironment(job),
          STORMLET_EXECUTION_ID: job.execution,
          STORMLET_RESULT: resultFile,
        },
        setUp: setUp(job),
        onOutput: job.onOutput,
        onStart: (pid) => deps.onStart(job.execution, pid),
      },
      signal,
    );
    return { ...outcomeOf(job, end, await readResult(resultFile)), isolation };
  } finally {
    await rm(resultFile, { force: true });
  }
}

function setUp(job: RunJob): string {
  const { log_level } = job.runnerParameters;
  return JSON.stringify({
    parameters: job.parameters,
    config: job.pack.config,
    context: { execution_id: job.execution, action: job.action.ref, log_level: log_level ?? 'DEBUG' },
  });
}

/** Node's own switches would steer the wrapper too. */
function requestedEnvironment({ runnerParameters: { env } }: RunJob): Record<string, string> {
  if (!isJsonObject(env)) return {};
  const entries = Object.entries(env).filter(([name, value]) => !/^(NODE_|ELECTRON_)/.test(name) && value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

type Written = { readonly result?: Json; readonly error?: string } | { readonly problem: string } | undefined;

async function readResult(file: string): Promise<Written> {
  try {
    const { size } = await stat(file);
    if (size > MAX_RESULT_BYTES) return { problem: `its result has ${size} bytes, the limit is ${MAX_RESULT_BYTES}` };
    return JSON.parse(await readFile(file, 'utf8')) as JsonObject;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { problem: `its result cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** In the shape of `python-script`. */
function outcomeOf(job: RunJob, end: ProgramEnd, written: Written): RunOutcome {
  if (end.startError !== undefined) return { status: 'failed', fault: cannotStart(end.startError) };
  const output = {
    result: (written && 'result' in written ? written.result : null) ?? null,
    stdout: end.stdout,
    stderr: end.stderr,
    exit_code: end.exitCode ?? -1,
    ...(end.truncated && { output_truncated: true }),
  };
  if (end.stopped === 'canceled') return { status: 'canceled', output };
  if (end.stopped === 'timeout') {
    const error = `it ran longer than ${job.runnerParameters.timeout} seconds and was killed`;
    return { status: 'timeout', output: { ...output, error } };
  }
  if (written && 'problem' in written) return { status: 'failed', fault: badResult(job, written.problem), output };
  if (end.exitCode !== 0) return { status: 'failed', fault: badEnd(job, end, written?.error), output };
  return written ? { status: 'succeeded', output } : { status: 'failed', fault: leftEarly(job), output };
}

function noEntryPoint(job: RunJob): Fault {
  return {
    code: 'action/entry-point-missing',
    kind: 'pack',
    message: `\`${job.action.ref}\` names no JavaScript or TypeScript file to run`,
    hint: `set \`entry_point\` in ${job.action.file}`,
  };
}

function cannotStart(why: string): Fault {
  return {
    code: 'node/cannot-start',
    kind: 'environment',
    message: `Node cannot be started for an action in JavaScript: ${why}`,
    hint: 'the setting `javascript.node` says which Node they run on: `app` needs none on this machine',
  };
}

function badResult(job: RunJob, problem: string): Fault {
  return { code: 'result/unusable', kind: 'pack', message: `\`${job.action.ref}\`: ${problem}` };
}

function badEnd(job: RunJob, end: ProgramEnd, error: string | undefined): Fault {
  const how = end.exitCode === undefined ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode}`;
  return {
    code: error === undefined ? 'action/exited' : 'action/raised',
    kind: 'pack',
    message: `\`${job.action.ref}\` ${error === undefined ? how : `failed: ${error.slice(0, 500)}`}`,
    hint: 'its stderr tells more',
  };
}

/** By `process.exit`, or because nothing was left that could go on. */
function leftEarly(job: RunJob): Fault {
  return {
    code: 'action/left-early',
    kind: 'pack',
    message: `\`${job.action.ref}\` ended before it gave a result`,
    hint: 'it may have awaited what never comes, or called `process.exit`',
  };
}
