import type { JsonObject } from '../../contract/json.ts';
import { textOf } from './next-tasks.ts';
import { contextOf, type Run, scopeOf } from './run.ts';
import { isOver, logError } from './run-state.ts';

/** Once the workflow is over, whatever its end: `output` is evaluated over what its last tasks saw. */
export async function renderOutput(run: Run): Promise<void> {
  const { state, definition } = run;
  if (!isOver(state.status) || state.output || definition.output.length === 0) return;
  const scope = scopeOf(run, terminalContext(run));
  const [done] = await run.evaluator.evaluate([{ assign: definition.output }], scope);
  if (done && done.assigned.length > 0) state.output = Object.fromEntries(done.assigned);
  for (const error of done?.errors ?? []) {
    logError(state, { message: textOf(error) });
    if (state.status === 'succeeded') state.status = 'failed';
  }
}

/** In the order in which they started, so the later one wins. */
function terminalContext(run: Run): JsonObject {
  const [first, ...others] = run.state.entries.filter((entry) => entry.isTerminal);
  if (!first) return {};
  const rest = others.flatMap((entry) => entry.contexts.filter((number) => number !== 0));
  return contextOf(run.state, [...first.contexts, ...rest]);
}
