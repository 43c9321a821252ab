import { Button } from '@mantine/core';
import { IconPencil, IconPlayerPause, IconPlayerPlay, IconRefresh, IconRefreshAlert } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Execution, isCompleted, isWorkflow } from '../../../main/contract/executions.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { showFault } from '../../ui/show-fault.ts';

/** The same once more: as it was, with edits, or a workflow on from what failed. Secrets stay what they were. */
export function RunAgain({ execution }: { execution: Execution }) {
  const { client } = useEngine();
  const navigate = useNavigate();
  const { id, action, runner, status } = execution;
  const rerun = useMutation({
    mutationFn: (tasks: string[] | undefined) => client.executions.rerun({ id, ...(tasks && { tasks }) }),
    onSuccess: (next) => navigate({ to: '/history/executions/$id', params: { id: next.id } }),
    onError: showFault,
  });
  const isOver = isCompleted(status);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRefresh size={14} />}
        loading={rerun.isPending}
        onClick={() => rerun.mutate(undefined)}
      >
        Run again
      </Button>
      {isOver && status !== 'succeeded' && isWorkflow(runner) && (
        <Button
          variant="default"
          leftSection={<IconRefreshAlert size={14} />}
          loading={rerun.isPending}
          onClick={() => rerun.mutate([])}
        >
          Go on from what failed
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconPencil size={14} />}
        renderRoot={(props) => <Link to="/actions/$ref" params={{ ref: action }} search={{ from: id }} {...props} />}
      >
        Run with edits…
      </Button>
      {isWorkflow(runner) && !isOver && <PauseButton execution={execution} />}
    </>
  );
}

/** What runs of a paused workflow runs to its end, and nothing new is begun. */
function PauseButton({ execution: { id, status } }: { execution: Execution }) {
  const { client } = useEngine();
  const isPaused = status === 'paused' || status === 'pausing';
  const change = useMutation({
    mutationFn: () => (isPaused ? client.executions.resume({ id }) : client.executions.pause({ id })),
    onError: showFault,
  });
  return (
    <Button
      variant="default"
      leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
      loading={change.isPending}
      onClick={() => change.mutate()}
    >
      {isPaused ? 'Resume' : 'Pause'}
    </Button>
  );
}
