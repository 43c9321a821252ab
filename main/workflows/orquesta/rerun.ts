import { StormletError } from '../../contract/errors.ts';
import { ENGINE_COMMANDS, isEngineCommand } from './definition.ts';
import { byText } from './graph.ts';
import { waitAgain } from './items.ts';
import { followersOf } from './routes.ts';
import { type Run, taskOf } from './run.ts';
import { addEntry, hasActive, isOver, readyTasks, stage, stagedTask, type TaskEntry } from './run-state.ts';

/** Makes a run that is over go on: from what failed in the end, or from the last starts of the named tasks. */
export function prepareRerun(run: Run, tasks: readonly string[] | undefined, reset: boolean): void {
  const { state } = run;
  if (!isOver(state.status) || hasActive(state)) throw refused('it is not over yet');
  const chosen = tasks?.length ? namedEntries(run, tasks) : endedBadly(run);
  // Tasks that were to start and could not, as their expressions were in error, still wait.
  const waiting = readyTasks(state).map(({ id }) => id);
  if (chosen.length === 0 && waiting.length === 0) throw refused('none of its tasks failed');
  const told = new Set([...waiting, ...ENGINE_COMMANDS, ...chosen.map(([, { id }]) => id)]);
  state.errors = state.errors.filter(({ task_id }) => task_id !== undefined && !told.has(task_id));
  const inOrder = [...chosen].sort(([, a], [, b]) => byText(a.id, b.id) || a.route - b.route);
  for (const [index, entry] of inOrder) startAgain(run, index, entry, reset);
  // What was only waiting when the workflow ended goes on by itself.
  for (const entry of state.entries) {
    if (Object.values(entry.next).includes(true) || isEngineCommand(entry.id)) entry.isTerminal = false;
  }
  state.output = null;
  state.held = false;
  state.status = 'running';
}

type Indexed = readonly [index: number, entry: TaskEntry];

function lastOnes(run: Run): Indexed[] {
  return Object.values(run.state.last).map((index) => [index, run.state.entries[index] as TaskEntry]);
}

function namedEntries(run: Run, tasks: readonly string[]): Indexed[] {
  const unknown = tasks.filter((name) => isEngineCommand(name) || !lastOnes(run).some(([, { id }]) => id === name));
  if (unknown.length > 0) throw refused(`it has not run ${unknown.map((name) => `\`${name}\``).join(', ')}`);
  const named = lastOnes(run).filter(([, { id }]) => tasks.includes(id));
  // What follows another of them will run again with it.
  return named.filter(([index, entry]) =>
    named.every(([other]) => other >= index || !followersOf(run.state, other).includes(entry)),
  );
}

/** A workflow that said `fail` goes on from the task that said so. */
function endedBadly(run: Run): Indexed[] {
  const bad = lastOnes(run).filter(([, { status, isTerminal }]) => isTerminal && status !== 'succeeded');
  const own = bad.filter(([, { id }]) => !isEngineCommand(id));
  if (own.length > 0) return own;
  const saidSo = bad.flatMap(([, { prev }]) => Object.values(prev));
  return [...new Set(saidSo)].map((index) => [index, run.state.entries[index] as TaskEntry]);
}

function startAgain(run: Run, index: number, entry: TaskEntry, reset: boolean): void {
  const { state } = run;
  for (const follower of followersOf(state, index)) follower.isTerminal = false;
  const before = stagedTask(state, entry.id, entry.route);
  if (taskOf(run, entry.id).with && before?.items) {
    waitAgain(before.items.states, reset);
    before.itemsBefore = before.items.states;
    before.items = null;
    before.isCompleted = false;
    return;
  }
  addEntry(state, entry);
  if (!before)
    stage(state, { id: entry.id, route: entry.route, contexts: [...entry.contexts], prev: { ...entry.prev } });
}

function refused(why: string): StormletError {
  return new StormletError({
    code: 'workflow/no-rerun',
    kind: 'user',
    message: `the workflow cannot be run again: ${why}`,
  });
}
