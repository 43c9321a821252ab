import { Button, Group, Modal, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Execution, isCompleted } from '../../../main/contract/executions.ts';
import { useRun } from '../../client/use-execution.ts';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { useFocusBack } from '../../ui/use-focus-back.ts';
import { SourceForm } from './SourceForm.tsx';

/** Chooses a source, then shows the installation as it goes. Closing it does not stop what is under way. */
export function InstallDialog({ onClose }: { onClose: () => void }) {
  const run = useRun('packs.install');
  useFocusBack();
  const { execution } = run;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Install a pack"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={false}
      // The list of packs is always open, and would keep Escape for itself.
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
    >
      {execution ? (
        <Stack gap="md">
          <ExecutionView execution={execution} />
          <Group justify="flex-end">
            {isCompleted(execution.status) && execution.status !== 'succeeded' && (
              <Button variant="default" onClick={run.forget}>
                Back
              </Button>
            )}
            {isMisfit(execution) && (
              <Button variant="default" onClick={() => run.start({ ...execution.parameters, force: true })}>
                Install all the same
              </Button>
            )}
            <Link to="/history/executions/$id" params={{ id: execution.id }} onClick={onClose}>
              Open in history
            </Link>
            <Button variant={isCompleted(execution.status) ? 'filled' : 'default'} onClick={onClose}>
              {isCompleted(execution.status) ? 'Done' : 'Go on in the background'}
            </Button>
          </Group>
        </Stack>
      ) : (
        <SourceForm busy={run.busy} fault={run.fault} onInstall={(source) => run.start({ packs: [source] })} />
      )}
    </Modal>
  );
}

/** The pack itself says that it does not fit: a person may know better. */
function isMisfit({ fault }: Execution): boolean {
  return fault?.code === 'pack/python-2' || fault?.code === 'pack/stackstorm-version';
}
