import type { Json } from '../../contract/json.ts';
import type { WorkflowEvaluator } from '../../expressions/workflow-evaluator.ts';
import type { OrquestaDefinition } from './definition.ts';
import type { Finding } from './problem.ts';

type Path = readonly (string | number)[];
/** A value whose texts may hold expressions, and where it stands. */
export type Placed = { readonly path: Path; readonly value: Json };

/** Expressions that cannot be parsed, and texts in two languages. All are looked at in one call. */
export async function inspectExpressions(
  definition: OrquestaDefinition,
  evaluator: Pick<WorkflowEvaluator, 'faults'>,
): Promise<Finding[]> {
  const placed = allValues(definition).flatMap(({ path, value }) => textsOf(value).map((text) => ({ path, text })));
  const faults = await evaluator.faults(placed.map(({ text }) => text));
  return placed.flatMap(({ path }, index) =>
    (faults[index] ?? []).map(
      ({ language, expression, message }): Finding => ({
        type: 'expression',
        message,
        expression,
        path,
        ...(language !== undefined && { language }),
      }),
    ),
  );
}

/** Every place of a workflow where an expression may be. */
function allValues(definition: OrquestaDefinition): Placed[] {
  const declared = (['input', 'vars', 'output'] as const).map((key) => ({
    path: [key],
    value: definition[key].map(([name, value]) => ({ [name]: value })),
  }));
  const tasks = Object.entries(definition.tasks).flatMap(([name, task]): Placed[] => {
    const at = (...path: Path): Path => ['tasks', name, ...path];
    return [
      ...placedAt(at('action'), task.action),
      ...placedAt(at('input'), task.input),
      ...placedAt(at('delay'), task.delay),
      ...Object.entries(task.with ?? {}).flatMap(([key, value]) => placedAt(at('with', key), value)),
      ...Object.entries(task.retry ?? {}).flatMap(([key, value]) => placedAt(at('retry', key), value)),
      ...task.next.flatMap(({ when, publish }, index) => [
        ...placedAt(at('next', index, 'when'), when),
        ...placedAt(
          at('next', index, 'publish'),
          publish.map(([variable, value]) => ({ [variable]: value })),
        ),
      ]),
    ];
  });
  return [...declared, ...tasks];
}

function placedAt(path: Path, value: Json | undefined): Placed[] {
  return value === undefined ? [] : [{ path, value }];
}

export function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value).flatMap(([key, one]) => [key, ...textsOf(one)]);
}
