import { Button, Group } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { CANCELABLE_STATUSES, type Execution, isCompleted } from '../../main/contract/executions.ts';
import { isJsonObject, type Json } from '../../main/contract/json.ts';
import { useCancel } from '../client/use-execution.ts';
import { ExecutionOutput } from './ExecutionOutput.tsx';
import { ExecutionSteps } from './ExecutionSteps.tsx';
import { FaultNote } from './FaultNote.tsx';
import { LimitLinks } from './LimitLinks.tsx';
import { RichText } from './RichText.tsx';
import { Section } from './Section.tsx';
import { Status } from './Status.tsx';
import { EXECUTION_TONES, inWords } from './status-tones.ts';
import { dateWithTime, duration } from './times.ts';
import { ValueView } from './ValueView.tsx';

/** An execution from its start to its result, with a way to stop it. */
export function ExecutionView({ execution }: { execution: Execution }) {
  const { status, steps, fault } = execution;
  // Of one that waits for an answer it is the question, which its form shows.
  const result = status === 'pending' ? undefined : resultOf(execution.result);
  return (
    <div className="stack">
      <ExecutionState execution={execution} />
      {execution.delay && <Delay delay={execution.delay} />}
      {steps.length > 0 && <ExecutionSteps steps={steps} />}
      {fault && <FaultNote error={fault} />}
      <LimitLinks execution={execution} />
      {result !== undefined && (
        <Section title="Result">
          <ValueView value={result} label="Result" />
        </Section>
      )}
      <ExecutionOutput key={execution.id} execution={execution} />
      {isCompleted(status) && result === undefined && !fault && steps.length === 0 && !hasPrinted(execution.result) && (
        <p className="quiet">It gave no result.</p>
      )}
    </div>
  );
}

function Delay({ delay: { reason, until } }: { delay: NonNullable<Execution['delay']> }) {
  return (
    <p className="quiet">
      It waits: <RichText>{reason}</RichText>
      {until && `; it goes on at ${dateWithTime(until)}`}
    </p>
  );
}

export function ExecutionState({ execution }: { execution: Execution }) {
  const { status, startedAt, endedAt } = execution;
  const exitCode = isJsonObject(execution.result)
    ? (execution.result.exit_code ?? execution.result.return_code)
    : undefined;
  return (
    <Group gap="md" justify="space-between" mih={30}>
      <Group gap="md" role="status" aria-label="State of the execution">
        <Status tone={EXECUTION_TONES[status]} label={inWords(status)} />
        {startedAt && endedAt && <span className="quiet">{duration(startedAt, endedAt)}</span>}
        {typeof exitCode === 'number' && <span className="quiet">exit code {exitCode}</span>}
      </Group>
      <CancelButton execution={execution} />
    </Group>
  );
}

function CancelButton({ execution }: { execution: Execution }) {
  const cancel = useCancel();
  if (!(CANCELABLE_STATUSES as readonly string[]).includes(execution.status)) return null;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlayerStop size={14} />}
      loading={cancel.isPending}
      onClick={() => cancel.mutate(execution.id)}
    >
      Cancel
    </Button>
  );
}

function hasPrinted(output: Json | undefined): boolean {
  return isJsonObject(output) && Boolean(output.stdout || output.stderr);
}

/** Runners wrap the result together with what was printed; the window shows the two apart. */
function resultOf(output: Json | undefined): Json | undefined {
  if (!isJsonObject(output)) return output === null ? undefined : output;
  if (Object.hasOwn(output, 'result')) return output.result === null ? undefined : output.result;
  const { stdout: _stdout, stderr: _stderr, exit_code: _exitCode, return_code: _returnCode, ...rest } = output;
  const isShell = Object.hasOwn(output, 'stdout') || Object.hasOwn(output, 'stderr');
  if (!isShell) return output;
  const { succeeded: _succeeded, failed: _failed, ...values } = rest;
  return Object.keys(values).length > 0 ? values : undefined;
}
