import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import type { Done, EvaluationError, Step } from '../../expressions/workflow-evaluator.ts';
import type { OrquestaTask } from './definition.ts';
import { byText } from './graph.ts';
import { namedItem, readItems } from './items.ts';
import { contextOf, type Run, scopeOf, taskOf } from './run.ts';
import { type Call, lastEntry, logError, readyTasks, type StagedTask } from './run-state.ts';

/** A task that is to start, with all of its expressions evaluated. */
export type NextTask = {
  readonly staged: StagedTask;
  /** Undefined for a task without an action, and for one with items. */
  readonly call?: Call;
  readonly delay: number;
  readonly retry?: { readonly count: number; readonly delay: number };
};

/** Many items are evaluated in several requests, since each may take only so long. */
const ITEMS_AT_ONCE = 200;

/** The tasks to start now. Where one cannot be evaluated, all such errors are told and the workflow has failed. */
export async function nextTasks(run: Run): Promise<NextTask[]> {
  const { state } = run;
  const ready = readyTasks(state);
  const wanted = state.status === 'failed' ? ready.filter((task) => task.runsOnFail) : ready;
  if (state.status !== 'running' && state.status !== 'failed') return [];
  wanted.sort((a, b) => byText(a.id, b.id) || a.route - b.route);
  const rendered = await Promise.all(wanted.map((staged) => rendering(run, staged)));
  for (const [index, one] of rendered.entries()) {
    if (!('errors' in one)) continue;
    const { id, route } = wanted[index] as StagedTask;
    for (const message of one.errors) logError(state, { message, task_id: id, route });
    // What cannot be started is not tried again when the workflow goes on without it.
    if (state.status === 'failed') (wanted[index] as StagedTask).runsOnFail = false;
  }
  if (rendered.some((one) => 'errors' in one)) {
    state.status = 'failed';
    return [];
  }
  return rendered as NextTask[];
}

type Rendered = NextTask | { readonly errors: readonly string[] };

async function rendering(run: Run, staged: StagedTask): Promise<Rendered> {
  const task = taskOf(run, staged.id);
  if (staged.items) return { staged, delay: staged.retryDelay ?? 0 };
  try {
    return task.with ? await withItems(run, staged, task, task.with) : await single(run, staged, task);
  } catch (error) {
    if (error instanceof Unusable) return { errors: error.messages };
    throw error;
  }
}

async function single(run: Run, staged: StagedTask, task: OrquestaTask): Promise<NextTask> {
  const done = await evaluated(run, staged, [{ value: callOf(task) }, ...numbersOf(run, staged, task)]);
  const { delay, retry } = readNumbers(run, staged, done.slice(1));
  const call = task.action === undefined ? undefined : readCall(staged.id, done[0]?.value);
  return { staged, delay: staged.retryDelay ?? delay, ...(call && { call }), ...(retry && { retry }) };
}

async function withItems(
  run: Run,
  staged: StagedTask,
  task: OrquestaTask,
  spec: NonNullable<OrquestaTask['with']>,
): Promise<NextTask> {
  const { names, list } = readItems(spec.items);
  const steps = [{ value: list }, { value: spec.concurrency ?? null }, ...numbersOf(run, staged, task)];
  const [items, concurrency, ...numbers] = await evaluated(run, staged, steps);
  if (!Array.isArray(items?.value)) throw new Unusable([`TypeError: The value of "${list}" is not type of list.`]);
  const { delay, retry } = readNumbers(run, staged, numbers);
  const calls: Call[] = [];
  for (let at = 0; at < items.value.length; at += ITEMS_AT_ONCE) {
    const batch = items.value.slice(at, at + ITEMS_AT_ONCE);
    const call = callOf(task);
    const done = await evaluated(
      run,
      staged,
      batch.map((item) => ({ value: call, item: namedItem(names, item) })),
    );
    calls.push(...done.map(({ value }) => readCall(staged.id, value)));
  }
  staged.items = {
    // A list that has another length than before is another list.
    states: staged.itemsBefore?.length === calls.length ? staged.itemsBefore : calls.map(() => 'waiting'),
    calls,
    concurrency: wholeOrNull(concurrency?.value, 'concurrency'),
    delay: staged.retryDelay ?? delay,
  };
  staged.itemsBefore = null;
  return { staged, delay: 0, ...(retry && { retry }) };
}

function callOf({ action, input }: OrquestaTask): JsonObject {
  return { action: action ?? null, input: input ?? null };
}

function readCall(id: string, value: Json | undefined): Call {
  const { action, input } = isJsonObject(value) ? value : {};
  if (typeof action !== 'string') throw new Unusable([`TypeError: The action of task "${id}" is not a text.`]);
  if (input !== null && !isJsonObject(input))
    throw new Unusable([`TypeError: The input of task "${id}" is not a map.`]);
  return { action, parameters: input ?? {} };
}

/** The delay, and for the first try what its retries are. */
function numbersOf(run: Run, staged: StagedTask, task: OrquestaTask): Step[] {
  const retry = retryOf(run, staged);
  return [{ value: task.delay ?? null }, ...(retry ? [{ value: retry.count }, { value: retry.delay ?? null }] : [])];
}

function readNumbers(run: Run, staged: StagedTask, done: readonly Done[]) {
  const [delay, count, pause] = done;
  const seconds = wholeOrNull(delay?.value, 'task delay') ?? 0;
  if (!retryOf(run, staged)) return { delay: seconds };
  const retries = wholeOrNull(count?.value, `retry count for task "${staged.id}"`) ?? 0;
  const between = wholeOrNull(pause?.value, `retry delay for task "${staged.id}"`) ?? 0;
  return { delay: seconds, retry: { count: retries, delay: between } };
}

/** `do: retry` is a retry of its own. Undefined while an entry is already being retried. */
function retryOf(run: Run, { id, route }: StagedTask) {
  if (lastEntry(run.state, id, route)?.status === 'retrying') return undefined;
  return run.paths.retryCommand(id) ? { count: RETRY_COMMAND_COUNT, delay: 0 } : taskOf(run, id).retry;
}
const RETRY_COMMAND_COUNT = 3;

function wholeOrNull(value: Json | undefined, what: string): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Unusable([`TypeError: The value of ${what} is not type of integer.`]);
}

async function evaluated(run: Run, staged: StagedTask, steps: readonly Step[]): Promise<readonly Done[]> {
  const scope = scopeOf(run, contextOf(run.state, staged.contexts), staged);
  const done = await run.evaluator.evaluate(steps, scope);
  const errors = done.flatMap((one) => one.errors);
  if (errors.length > 0) throw new Unusable([...new Set(errors.map(textOf))]);
  return done;
}

export function textOf({ type, message }: EvaluationError): string {
  return `${type}: ${message}`;
}

/** Why a task cannot start. */
class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super(messages.join('; '));
    this.messages = messages;
  }
}
