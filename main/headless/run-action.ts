import { styleText } from 'node:util';
import { StormletError } from '../contract/errors.ts';
import type { Execution, ExecutionStep, OutputChunk } from '../contract/executions.ts';
import { isJsonObject, type Json } from '../contract/json.ts';
import type { Client } from '../contract/rpc.ts';
import { type Cli, printError } from './cli-context.ts';
import { runAndFollow, type StartExecution } from './follow-execution.ts';
import { onStopSignals } from './signals.ts';
import { taskLine } from './task-text.ts';
import { duration, state } from './text.ts';

/**
 * Runs an action in front of the person: its steps and its output as they come, its result at the end. Ctrl-C cancels the
 * execution and waits for its end; a second one leaves at once.
 */
export async function runInFront(cli: Cli, client: Client, start: StartExecution, show: Show): Promise<void> {
  const steps = new Map<string, string>();
  const id = Promise.withResolvers<string>();
  let isLineOpen = false;
  using _signals = onStopSignals(['SIGINT'], () => void id.promise.then((known) => cancel(client, known)), 130);
  const execution = await runAndFollow(client, start, {
    started: (started) => id.resolve(started.id),
    changed: (changed) => {
      if (!cli.json) printSteps(steps, changed.steps);
    },
    taskChanged: (task, depth) => {
      if (!cli.json) printTask(task, depth);
    },
    printed: (chunk) => {
      if (cli.json) return;
      print(chunk);
      if (chunk.stream === 'stdout') isLineOpen = !chunk.text.endsWith('\n');
    },
  });
  if (isLineOpen) process.stdout.write('\n');
  if (cli.json) cli.show(execution, () => '');
  else printEnd(execution, show);
  if (execution.status !== 'succeeded') cli.fail();
}

/** Whether the result is worth printing after the steps and the output. */
type Show = { readonly result: boolean };

/** The action's own value: StackStorm's python-script wraps it, and a shell's output was seen already. */
function resultOf(execution: Execution): Json | undefined {
  const { result } = execution;
  if (!isJsonObject(result)) return result;
  if (Object.hasOwn(result, 'result')) return result.result;
  return Object.hasOwn(result, 'stdout') ? undefined : result;
}

/** What went wrong with an execution, as the error that it ends a command with. */
function failureOf(execution: Execution): StormletError {
  const { action, status, fault } = execution;
  const what = `\`${action}\` ${status === 'failed' ? 'failed' : `ended as ${status}`}`;
  const hint = fault?.hint ?? `\`stormlet execution get ${execution.id}\` shows all that is recorded`;
  const message = fault ? `${what}: ${fault.message}` : what;
  return new StormletError({ code: fault?.code ?? 'action/failed', kind: fault?.kind ?? 'pack', message, hint });
}

function cancel(client: Client, id: string): void {
  process.stderr.write('canceling; Ctrl-C again leaves it to itself\n');
  client.executions.cancel({ id }).catch(printError);
}

function print({ stream, text }: OutputChunk): void {
  (stream === 'stdout' ? process.stdout : process.stderr).write(text);
}

/** Each step once when it begins and once when it ends, on stderr: stdout is the action's. */
function printSteps(shown: Map<string, string>, steps: readonly ExecutionStep[]): void {
  for (const step of steps) {
    if (shown.get(step.name) === step.state) continue;
    shown.set(step.name, step.state);
    process.stderr.write(`${stepMark(step.state)} ${step.name}${step.detail ? `: ${step.detail}` : ''}\n`);
  }
}

/** A workflow's task, when it begins, when it asks, and when it ends. */
function printTask(task: Execution, depth: number): void {
  const mark = TASK_MARKS[task.status];
  if (!mark) return;
  const question = task.status === 'pending' ? `: \`stormlet inquiry respond ${task.id}\` answers it` : '';
  const line = `${'  '.repeat(depth - 1)}${stepMark(mark)} ${taskLine(task)}${question}`;
  process.stderr.write(`${line}\n`);
}

const TASK_MARKS: Partial<Record<Execution['status'], ExecutionStep['state']>> = {
  running: 'running',
  pending: 'running',
  succeeded: 'done',
  failed: 'failed',
  timeout: 'failed',
  abandoned: 'failed',
  canceled: 'skipped',
};

function stepMark(stepState: ExecutionStep['state']): string {
  const marks = {
    running: ['cyan', '…'],
    done: ['green', '✓'],
    failed: ['red', '✗'],
    skipped: ['gray', '-'],
  } as const;
  const [color, mark] = marks[stepState];
  return styleText(color, mark, { stream: process.stderr });
}

function printEnd(execution: Execution, show: Show): void {
  if (execution.status !== 'succeeded') {
    printError(failureOf(execution));
    return;
  }
  const result = show.result ? resultOf(execution) : undefined;
  if (result !== undefined && result !== null) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  const took = duration(execution.startedAt, execution.endedAt);
  process.stderr.write(`${state(execution.status)}${took ? ` in ${took}` : ''}: execution ${execution.id}\n`);
}
