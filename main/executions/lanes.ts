import { type Execution, isWorkflow } from '../contract/executions.ts';
import { packOf } from '../contract/refs.ts';
import type { Settings } from '../contract/settings.ts';

/**
 * Where an execution waits, and what it takes up while it runs. Lanes are served in turn, so a flood of one pack's
 * executions holds up none of another's. No pack has the name of the workflows' lane.
 */
const WORKFLOWS = ':workflows';

/**
 * The pack's, mostly. Workflows have a lane of their own, but those that are a step of another: they would wait behind
 * the very workflows that wait for them.
 */
export function laneOf({ action, runner, context }: Execution): string {
  return isWorkflow(runner) && context.parent === undefined ? WORKFLOWS : packOf(action);
}

export function isWorkflows(lane: string): boolean {
  return lane === WORKFLOWS;
}

/** Undefined: as many as there is room for. */
export function limitOf(lane: string, settings: Settings['executions']): number | undefined {
  return isWorkflows(lane) ? settings.workflows : settings.packs[lane]?.concurrency;
}
