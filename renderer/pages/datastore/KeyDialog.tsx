import { Button, Group, Modal, NumberInput, PasswordInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { KeyScope, StoredKey } from '../../../main/contract/keys.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { useFocusBack } from '../../ui/use-focus-back.ts';

type KeyDialogProps = {
  readonly scope: KeyScope;
  /** Absent: a new one. */
  readonly edited: StoredKey | undefined;
  readonly onClose: () => void;
};

/** A secret is typed anew to be changed: what it was is not shown to a window. */
export function KeyDialog({ scope, edited, onClose }: KeyDialogProps) {
  const { client } = useEngine();
  useFocusBack();
  const [name, setName] = useState(edited?.name ?? '');
  const [value, setValue] = useState(edited && !edited.secret ? edited.value : '');
  const [secret, setSecret] = useState(edited?.secret ?? false);
  const [minutes, setMinutes] = useState<number | string>('');
  const save = useMutation({
    mutationFn: () => {
      const ttl = typeof minutes === 'number' && minutes > 0 ? { ttlSeconds: minutes * 60 } : {};
      return client.keys.set({ name: name.trim(), scope, value, secret, ...ttl });
    },
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isWhole = name.trim() !== '' && (value !== '' || !secret);
  return (
    <Modal
      opened
      onClose={onClose}
      title={edited ? `Change ${edited.name}` : 'Add a key'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {!edited && (
            <TextInput
              label="Name"
              description="Packs keep theirs as pack.name"
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <Switch
            label="Secret: encrypted, and never shown again"
            checked={secret}
            onChange={(event) => setSecret(event.currentTarget.checked)}
          />
          {secret ? (
            <PasswordInput
              size="xs"
              label="Value"
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          ) : (
            <Textarea
              label="Value"
              autosize
              minRows={2}
              maxRows={12}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          )}
          <NumberInput
            size="xs"
            label="Minutes until it is gone"
            description="Empty: it stays"
            min={1}
            allowDecimal={false}
            value={minutes}
            onChange={setMinutes}
          />
          {save.error && <FaultNote error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isWhole} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
