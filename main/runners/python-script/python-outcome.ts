import type { Fault } from '../../contract/errors.ts';
import type { ActionLimits, Isolation } from '../../contract/python-settings.ts';
import type { ProgramEnd } from '../../supervisor/run-program.ts';
import type { RunJob, RunOutcome } from '../runner.ts';
import type { WrittenResult } from './written-result.ts';

/** How an action's process ended, from whichever way it was started. */
export type PythonEnd = {
  readonly isolation: Isolation;
  readonly end: ProgramEnd;
  readonly written: WrittenResult;
  /** Its fork server died while it ran. */
  readonly lost?: string | undefined;
};

export function pythonOutcome(job: RunJob, limits: ActionLimits, ended: PythonEnd): RunOutcome {
  return { ...outcomeOf(job, limits, ended), isolation: ended.isolation };
}

function outcomeOf(job: RunJob, limits: ActionLimits, { end, written, lost }: PythonEnd): RunOutcome {
  if (end.startError !== undefined) return { status: 'failed', fault: cannotStart(job, end.startError) };
  const output = {
    // StackStorm's runner gives the text "None" where an action left no result, and rules compare with it.
    result: written && 'result' in written ? written.result : 'None',
    stdout: end.stdout,
    stderr: end.stderr,
    exit_code: end.exitCode ?? -1,
    ...(end.truncated && { output_truncated: true }),
  };
  if (end.stopped === 'canceled') return { status: 'canceled', output };
  if (end.stopped === 'timeout') {
    const seconds = job.runnerParameters.timeout;
    return { status: 'timeout', output: { ...output, error: `it ran longer than ${seconds} seconds and was killed` } };
  }
  if (lost !== undefined) return { status: 'failed', fault: serverLost(job, lost), output };
  if (written && 'problem' in written) return { status: 'failed', fault: badResult(job, written.problem), output };
  const limit = limitThatEnded(end, written, limits);
  if (limit) return { status: 'failed', fault: overLimit(job, limit), output };
  if (end.exitCode !== 0) return { status: 'failed', fault: badEnd(job, end), output };
  if (written && 'status' in written && written.status === false) {
    return { status: 'failed', fault: saidFailed(job), output };
  }
  return { status: 'succeeded', output };
}

type Limit = { readonly setting: keyof ActionLimits; readonly words: string };

/** The wrapper tells of memory and files, which reach a program as errors; the processor's time is told by the signal. */
function limitThatEnded(end: ProgramEnd, written: WrittenResult, limits: ActionLimits): Limit | undefined {
  if (end.signal === 'SIGXCPU') {
    return { setting: 'cpuSeconds', words: `used up its ${limits.cpuSeconds} seconds of processor time` };
  }
  if (!written || !('limit' in written)) return undefined;
  if (written.limit === 'memory') {
    return { setting: 'memoryMb', words: `needed more than its ${limits.memoryMb} MB of memory` };
  }
  return { setting: 'openFiles', words: `opened more than its ${limits.openFiles} files` };
}

export function notReady(job: RunJob): Fault {
  return {
    code: 'pack/not-ready',
    kind: 'environment',
    message: `the pack \`${job.pack.ref}\` has no virtualenv yet, so \`${job.action.ref}\` cannot run`,
    hint: `run \`stormlet pack setup-virtualenv ${job.pack.ref}\``,
  };
}

export function noEntryPoint(job: RunJob): Fault {
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

function serverLost(job: RunJob, why: string): Fault {
  return {
    code: 'python/server-lost',
    kind: 'environment',
    message: `\`${job.action.ref}\` was ended because the interpreter that it was forked from is gone: ${why}`,
    hint: 'what it had done by then is not known; run it again if that is safe',
  };
}

function overLimit(job: RunJob, { setting, words }: Limit): Fault {
  return {
    code: 'action/over-limit',
    kind: 'pack',
    message: `\`${job.action.ref}\` ${words}`,
    hint: `raise it with \`stormlet python set --action ${job.action.ref} ${setting}=NUMBER\` (0: no limit)`,
    details: { limit: setting },
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
