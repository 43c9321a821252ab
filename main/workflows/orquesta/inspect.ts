import type { WorkflowGraph } from '../../contract/workflows.ts';
import type { WorkflowEvaluator } from '../../expressions/workflow-evaluator.ts';
import type { OrquestaDefinition } from './definition.ts';
import { readOrquesta, schemaPath, specPath } from './document.ts';
import { graphOf } from './graph.ts';
import { inspectContent } from './inspect-content.ts';
import { inspectContext } from './inspect-context.ts';
import { inspectExpressions } from './inspect-expressions.ts';
import { inspectSemantics } from './inspect-semantics.ts';
import type { Finding, OrquestaProblem } from './problem.ts';

/** A workflow's file, looked through before it runs: one that has problems must not. */
export type InspectedWorkflow = {
  /** Undefined where the document is not of the right shape. */
  readonly definition?: OrquestaDefinition;
  readonly graph?: WorkflowGraph;
  readonly problems: readonly OrquestaProblem[];
  /** As `problems`, of what depends on which actions there are now. */
  problemsWith(knowsAction: (ref: string) => boolean): readonly OrquestaProblem[];
};

/** What `ctx()` has beside a workflow's own input and variables. */
const CONTEXT_NAMES = ['st2', 'parent'];

/** Sorted by type, then by place in the schema, as StackStorm lists them. */
export async function inspectOrquesta(
  text: string,
  file: string,
  evaluator: Pick<WorkflowEvaluator, 'faults'>,
): Promise<InspectedWorkflow> {
  const { definition, problems, lineOf } = readOrquesta(text, file);
  if (!definition) return { problems, problemsWith: () => problems };
  const place = ({ path, ...finding }: Finding): OrquestaProblem => {
    return { ...finding, file, line: lineOf(path), spec_path: specPath(path), schema_path: schemaPath(path) };
  };
  const findings = [
    ...inspectSemantics(definition),
    ...(await inspectExpressions(definition, evaluator)),
    ...inspectContext(definition, CONTEXT_NAMES),
  ];
  const found = findings.map(place).sort(byTypeAndPlace);
  return {
    definition,
    graph: graphOf(definition, lineOf),
    problems: found,
    problemsWith: (knowsAction) =>
      [...found, ...inspectContent(definition, knowsAction).map(place)].sort(byTypeAndPlace),
  };
}

function byTypeAndPlace(a: OrquestaProblem, b: OrquestaProblem): number {
  return compare(a.type, b.type) || compare(a.schema_path, b.schema_path) || compare(a.spec_path, b.spec_path);
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
