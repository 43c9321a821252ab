import type { Execution, ExecutionStep } from '../../../main/contract/executions.ts';
import { isCompleted } from '../../../main/contract/executions.ts';
import type { Notice } from '../../../main/contract/notices.ts';
import type { SensorStatus } from '../../../main/contract/sensors.ts';

export const DEMO_PACK = 'examples';

/** Where the guided minute is, from what the engine tells of itself. */
export type Tour = {
  readonly install: Execution | undefined;
  readonly drop: Execution | undefined;
  /** Those of the demo pack. */
  readonly sensors: readonly SensorStatus[];
  /** What a rule ran after the event was fired. */
  readonly answer: Execution | undefined;
  readonly notice: Notice | undefined;
};

type Step = ExecutionStep & { readonly id: 'install' | 'sensors' | 'drop' | 'answer' | 'notice' };

/** The five steps that a first minute shows; those that have not begun are `skipped`, drawn as waiting. */
export function tourSteps(tour: Tour): Step[] {
  const { install, drop, answer, notice } = tour;
  const isListening = areListening(tour);
  return [
    { id: 'install', name: 'Install the example pack', state: stateOf(install) },
    { id: 'sensors', name: 'Start its sensors', state: waiting(install?.status === 'succeeded', isListening) },
    { id: 'drop', name: 'Drop a file into the folder that a sensor watches', state: stateOf(drop) },
    {
      id: 'answer',
      name: 'A rule matches the event and runs its action',
      state: answer ? stateOf(answer) : waiting(drop?.status === 'succeeded', false),
    },
    {
      id: 'notice',
      name: 'You are told of the result',
      state: waiting(answer?.status === 'succeeded', notice !== undefined),
    },
  ];
}

/** What happens before its sensor looks is missed, so the tour waits for every sensor that is on its way. */
export function areListening({ install, sensors }: Pick<Tour, 'install' | 'sensors'>): boolean {
  const isAnyRunning = sensors.some(({ state }) => state === 'running');
  return install?.status === 'succeeded' && isAnyRunning && !sensors.some(({ state }) => state === 'starting');
}

/** The first execution of a rule that came after the drop was asked for. */
export function answerTo(drop: Execution | undefined, executions: readonly Execution[]): Execution | undefined {
  if (!drop) return undefined;
  return executions.findLast(
    ({ context, createdAt }) =>
      context.source === 'rule' && context.rule?.startsWith(`${DEMO_PACK}.`) && createdAt >= drop.createdAt,
  );
}

function stateOf(execution: Execution | undefined): ExecutionStep['state'] {
  if (!execution) return 'skipped';
  if (!isCompleted(execution.status)) return 'running';
  return execution.status === 'succeeded' ? 'done' : 'failed';
}

function waiting(begun: boolean, done: boolean): ExecutionStep['state'] {
  if (done) return 'done';
  return begun ? 'running' : 'skipped';
}
