import { Loader, Progress } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ExecutionStep } from '../../main/contract/executions.ts';
import { STEP_TONES } from './status-tones.ts';

/** The steps of a long action as they go: the one under way turns, the failed one is where it stopped. */
export function ExecutionSteps({ steps }: { steps: readonly ExecutionStep[] }) {
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((step) => (
        <Step key={step.name} {...step} />
      ))}
    </ol>
  );
}

/** One line of what is going on, also for progress that is not an execution's own. */
export function Step({ name, state, detail, percent, children }: ExecutionStep & { children?: ReactNode }) {
  return (
    <li className="step" data-tone={STEP_TONES[state]} data-state={state}>
      <span className="step-mark" role="img" aria-label={state}>
        <StepMark state={state} />
      </span>
      <div className="step-text">
        <span>{name}</span>
        {detail && <span className="step-detail">{detail}</span>}
        {state === 'running' && percent !== undefined && (
          <Progress size={3} value={percent} aria-label={`${name}: ${Math.round(percent)} %`} />
        )}
        {children}
      </div>
    </li>
  );
}

function StepMark({ state }: { state: ExecutionStep['state'] }) {
  switch (state) {
    case 'running':
      return <Loader size={14} />;
    case 'done':
      return <IconCheck size={15} stroke={2.4} />;
    case 'failed':
      return <IconX size={15} stroke={2.4} />;
    case 'skipped':
      return <IconMinus size={15} />;
  }
}
