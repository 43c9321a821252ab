import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isCompleted } from '../../../main/contract/executions.ts';
import type { AvailablePack } from '../../../main/contract/packs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { useRun } from '../../client/use-execution.ts';
import { ExecutionView } from '../../ui/ExecutionView.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';

/** Chooses a source, then shows the installation as it goes. Closing it does not stop what is under way. */
export function InstallDialog({ onClose }: { onClose: () => void }) {
  const run = useRun('packs.install');
  const { execution } = run;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Install a pack"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={false}
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

type SourceFormProps = { busy: boolean; fault: Error | undefined; onInstall: (source: string) => void };

function SourceForm({ busy, fault, onInstall }: SourceFormProps) {
  const { queries } = useEngine();
  const available = useQuery(queries.availablePacks()).data ?? [];
  const [folder, setFolder] = useState('');
  const [bundled, setBundled] = useState<string | null>(null);
  const source = folder.trim() || bundled;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source) onInstall(source);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Folder of the pack"
          description="The folder that holds pack.yaml"
          placeholder="/home/you/packs/my_pack"
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
          data-autofocus
        />
        {available.length > 0 && (
          <BundledPacks packs={available} chosen={folder ? null : bundled} onChoose={setBundled} />
        )}
        {fault && <FaultNote error={fault} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!source} loading={busy}>
            Install
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type BundledPacksProps = { packs: AvailablePack[]; chosen: string | null; onChoose: (ref: string) => void };

function BundledPacks({ packs, chosen, onChoose }: BundledPacksProps) {
  return (
    <Radio.Group label="Or one that comes with Stormlet" value={chosen} onChange={onChoose}>
      <Stack gap={8} mt={8}>
        {packs.map((pack) => (
          <Radio
            key={pack.ref}
            value={pack.ref}
            label={pack.name}
            description={`${pack.description}${pack.installed ? ' (installed: this updates it)' : ''}`}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
