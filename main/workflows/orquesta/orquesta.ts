import type { Problem } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { WorkflowEvaluator } from '../../expressions/workflow-evaluator.ts';
import type { WorkflowAbout, WorkflowLanguage, WorkflowSource } from '../conductor.ts';
import { orquestaConductor } from './conduct.ts';
import { type InspectedWorkflow, inspectOrquesta } from './inspect.ts';
import type { OrquestaProblem } from './problem.ts';
import { RefusedConductor } from './refused-conductor.ts';

export type OrquestaDeps = {
  readonly evaluator: WorkflowEvaluator;
  /** Whether there is such an action, now. Without it a workflow finds that out when it comes to the task. */
  readonly knowsAction?: (ref: string) => boolean;
  /** What `ctx().st2.api_url` is. */
  readonly apiUrl?: () => string | undefined;
};

/** Inspections that are kept. A definition that has not changed is looked through once. */
const MAX_INSPECTED = 200;

/** StackStorm's workflows: a graph of tasks whose transitions publish what later ones read. */
export function orquesta(deps: OrquestaDeps): WorkflowLanguage {
  const inspected = new Map<string, InspectedWorkflow>();
  const inspect = async ({ file, text }: WorkflowSource) => {
    const key = `${file}\n${text}`;
    const known = inspected.get(key) ?? (await inspectOrquesta(text, file, deps.evaluator));
    if (inspected.size >= MAX_INSPECTED) inspected.clear();
    inspected.set(key, known);
    return { ...known, problems: known.problemsWith(deps.knowsAction ?? (() => true)) };
  };
  return {
    runner: 'orquesta',
    examine: async (source) => {
      const { graph, problems } = await inspect(source);
      return { ...(graph && { value: graph }), problems: problems.map(asProblem) };
    },
    open: async ({ source, input, about, state: left }) => {
      const { definition, problems } = await inspect(source);
      // One that was refused left nothing, and begins when its faults are gone.
      const state = left && Object.keys(left).length > 0 ? left : undefined;
      // One that has begun goes on, whatever has gone since.
      if (!definition || (problems.length > 0 && !state)) return new RefusedConductor(problems);
      const { evaluator } = deps;
      const context = contextOf(about, deps.apiUrl?.());
      return orquestaConductor({ definition, input, context, evaluator, ...(state && { state }) });
    },
  };
}

function asProblem({ type, message, file, line, spec_path, expression }: OrquestaProblem): Problem {
  const place = spec_path === '' ? '' : `\`${spec_path}\`: `;
  const quoted = expression === undefined || message.includes(expression) ? '' : ` (in \`${expression}\`)`;
  return { severity: 'error', code: `workflow/${type}`, message: `${place}${message}${quoted}`, file, line };
}

/** What `ctx().st2` and `ctx().parent` are. An execution of a workflow is also the workflow's own. */
function contextOf(about: WorkflowAbout, apiUrl: string | undefined): JsonObject {
  const { execution, action, pack, runner, user, parent } = about;
  const st2: JsonObject = {
    action_execution_id: execution,
    workflow_execution_id: execution,
    ...(apiUrl !== undefined && { api_url: apiUrl }),
    user,
    pack,
    action,
    runner,
  };
  const origin: JsonObject = {
    user,
    pack,
    ...(parent !== undefined && { parent: { execution_id: parent } }),
    ...(about.rule !== undefined && { rule: { ref: about.rule } }),
    ...(about.triggerInstance !== undefined && { trigger_instance: { id: about.triggerInstance } }),
  };
  return { st2, parent: origin };
}
