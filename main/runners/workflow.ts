import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { RunJob, Runner, RunOutcome } from './runner.ts';

const TIME_LIMIT: ParameterSpecs = {
  // Not called `timeout`: many workflows have a parameter of that name, and hand it to one of their tasks.
  workflow_timeout: {
    type: 'integer',
    default: 0,
    description: 'Seconds after which the workflow and what it runs are stopped; 0 is never.',
  },
};

/** StackStorm's parameters, and a limit. */
export const CHAIN_PARAMETERS: ParameterSpecs = {
  skip_notify: { type: 'array', default: [], description: 'Tasks that send no notices.' },
  display_published: { type: 'boolean', default: true, description: 'The result shows the published variables.' },
  ...TIME_LIMIT,
};

export const ORQUESTA_PARAMETERS: ParameterSpecs = {
  notify: { type: 'array', default: [], description: 'Tasks that send notices.' },
  ...TIME_LIMIT,
};

/** A workflow's turn lasts until it is over; its tasks are executions of their own. `run` is the workflows' host. */
export function workflowRunner(
  name: 'action-chain' | 'orquesta',
  run: (runner: string, job: RunJob, signal: AbortSignal) => Promise<RunOutcome>,
): Runner {
  return {
    name,
    parameters: name === 'orquesta' ? ORQUESTA_PARAMETERS : CHAIN_PARAMETERS,
    timeLimit: 'workflow_timeout',
    run: (job, signal) => run(name, job, signal),
  };
}
