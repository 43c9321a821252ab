import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconArchive, IconRestore } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Backup } from '../../../main/contract/backups.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { dateWithTime } from '../../ui/times.ts';

/** Everything as one file, and back. */
export function BackupSettings() {
  const { client, queries } = useEngine();
  const cache = useQueryClient();
  const state = useQuery(queries.backups());
  const refresh = () => cache.invalidateQueries({ queryKey: ['backup'] });
  const create = useMutation({ mutationFn: () => client.backup.create({}), onSuccess: refresh });
  const restore = useMutation({ mutationFn: (file: string) => client.backup.restore({ file }), onSuccess: refresh });
  const discard = useMutation({ mutationFn: () => client.backup.discard(), onSuccess: refresh });
  const make = (
    <Button leftSection={<IconArchive size={14} />} loading={create.isPending} onClick={() => create.mutate()}>
      Back up now
    </Button>
  );
  const fault = create.error ?? restore.error ?? discard.error;
  return (
    <Section title="Backup of everything" side={make}>
      <Stack gap="md">
        <p className="quiet">
          Settings, configurations, rules, packs, history and datastore with its secrets. Virtualenvs and logs are left
          out: they are made anew. Whoever has the file can read the secrets.
        </p>
        {fault && <FaultNote error={fault} />}
        <Loaded query={state}>
          {({ backups, pending }) => (
            <>
              {pending && <Pending backup={pending} onDiscard={() => discard.mutate()} />}
              <Backups backups={backups} onRestore={restore.mutate} />
            </>
          )}
        </Loaded>
        <FromFile busy={restore.isPending} onRestore={restore.mutate} />
      </Stack>
    </Section>
  );
}

function Pending({ backup, onDiscard }: { backup: Backup; onDiscard: () => void }) {
  return (
    <div className="pending" role="alert">
      <p>
        <b>The backup of {dateWithTime(backup.createdAt)} is put in place at the next start.</b> Quit Stormlet and start
        it again. What is here now is moved aside, not deleted.
      </p>
      <Button variant="default" onClick={onDiscard}>
        Leave everything as it is
      </Button>
    </div>
  );
}

type RestoreProps = { readonly onRestore: (file: string) => void };

function Backups({ backups, onRestore }: RestoreProps & { readonly backups: readonly Backup[] }) {
  if (backups.length === 0) return <p className="quiet">There is no backup yet.</p>;
  return (
    <ul className="list" aria-label="Backups">
      {backups.map((backup) => (
        <li key={backup.file} className="row">
          <div className="row-main">
            <span className="row-title">{dateWithTime(backup.createdAt)}</span>{' '}
            <span className="quiet">
              {(backup.bytes / 1_000_000).toFixed(1)} MB, {backup.packs.length} packs
            </span>
            <div className="quiet mono">{backup.file}</div>
          </div>
          <RestoreButton backup={backup} onRestore={onRestore} />
        </li>
      ))}
    </ul>
  );
}

function RestoreButton({ backup: { file, createdAt }, onRestore }: RestoreProps & { readonly backup: Backup }) {
  return (
    <ConfirmButton
      label="Restore…"
      icon={<IconRestore size={14} />}
      title={`Restore the backup of ${dateWithTime(createdAt)}?`}
      confirm="Restore at the next start"
      harmless
      onConfirm={() => onRestore(file)}
    >
      It takes the place of all settings, rules, packs, history and keys. What is here now is moved aside.
    </ConfirmButton>
  );
}

function FromFile({ busy, onRestore }: RestoreProps & { readonly busy: boolean }) {
  const [file, setFile] = useState('');
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        flex={1}
        label="Restore from another file"
        placeholder="/path/of/stormlet.tar.gz"
        value={file}
        onChange={(event) => setFile(event.currentTarget.value)}
      />
      <Button variant="default" disabled={!file.trim()} loading={busy} onClick={() => onRestore(file.trim())}>
        Restore at the next start
      </Button>
    </Group>
  );
}
