import { StormletError } from '../../contract/errors.ts';
import type { Done, WorkflowEvaluator } from '../../expressions/workflow-evaluator.ts';

/** An evaluation that never ends, or kills its interpreter, is an error of the workflow that said it, and of no other. */
export function forgiving(evaluator: WorkflowEvaluator): WorkflowEvaluator {
  return {
    faults: (texts) => evaluator.faults(texts),
    async evaluate(steps, scope) {
      if (steps.length === 0) return [];
      try {
        return await evaluator.evaluate(steps, scope);
      } catch (error) {
        // The app is stopping: that is nothing the workflow did.
        if (!(error instanceof StormletError) || error.code === 'expression/stopped') throw error;
        const message = `${error.message} (${JSON.stringify(steps).slice(0, SHOWN)})`;
        return steps.map((): Done => ({ assigned: [], errors: [{ type: error.code, message }] }));
      }
    },
  };
}

/** Characters of what was evaluated that a message shows. */
const SHOWN = 300;
