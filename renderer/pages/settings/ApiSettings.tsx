import { Button, CopyButton, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ApiKey, CreatedApiKey } from '../../../main/contract/api.ts';
import type { Settings } from '../../../main/contract/settings.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { dateWithTime } from '../../ui/times.ts';
import { useUpdate } from './use-update.ts';

/** StackStorm's API for programs of the person, and the keys that let them in. */
export function ApiSettings({ api }: { api: Settings['api'] }) {
  const { queries } = useEngine();
  const update = useUpdate();
  const addresses = useQuery(queries.apiAddresses(api)).data;
  return (
    <div className="one-column">
      <Section title="StackStorm’s API">
        <Stack gap="sm" className="card">
          <Switch
            label="Programs on this machine may use it, with a key"
            checked={api.enabled}
            onChange={(event) => update({ api: { enabled: event.currentTarget.checked } })}
          />
          <NumberInput
            size="xs"
            label="Port"
            description="0 takes a free one at each start"
            min={0}
            max={65535}
            allowDecimal={false}
            clampBehavior="strict"
            value={api.port}
            onChange={(value) => typeof value === 'number' && update({ api: { port: value } })}
          />
          {addresses?.public && <p className="mono">{addresses.public}</p>}
          {addresses?.problem && <p className="test-fault">{addresses.problem}</p>}
        </Stack>
      </Section>
      <Section title="Keys">
        <Loaded query={useQuery(queries.apiKeys())}>{(keys) => <ApiKeys keys={keys} />}</Loaded>
        <NewApiKeyForm />
      </Section>
    </div>
  );
}

function ApiKeys({ keys }: { keys: readonly ApiKey[] }) {
  if (keys.length === 0) return <p className="quiet">None yet.</p>;
  return (
    <ul className="list" aria-label="API keys">
      {keys.map((key) => (
        <ApiKeyRow key={key.id} apiKey={key} />
      ))}
    </ul>
  );
}

function ApiKeyRow({ apiKey: { id, name, createdAt, lastUsedAt, enabled } }: { apiKey: ApiKey }) {
  const { client } = useEngine();
  const cache = useQueryClient();
  const refresh = { onSuccess: () => cache.invalidateQueries({ queryKey: ['apiKeys'] }), onError: showFault };
  const remove = useMutation({ mutationFn: () => client.apiKeys.delete({ id }), ...refresh });
  const set = useMutation({ mutationFn: (on: boolean) => client.apiKeys.setEnabled({ id, enabled: on }), ...refresh });
  const named = name || id;
  return (
    <li className="row">
      <div className="row-main">
        <span className="row-title">{named}</span>
        <div className="quiet">
          made {dateWithTime(createdAt)}, {lastUsedAt ? `used last ${dateWithTime(lastUsedAt)}` : 'never used'}
        </div>
      </div>
      <Switch
        aria-label={`Key ${named} lets in`}
        checked={set.isPending ? set.variables : enabled}
        onChange={(event) => set.mutate(event.currentTarget.checked)}
      />
      <ConfirmButton
        label={`Delete ${named}`}
        icon={<IconTrash size={14} />}
        title={`Delete the key ${named}?`}
        confirm="Delete the key"
        onConfirm={() => remove.mutate()}
      >
        Programs that use it are let in no more.
      </ConfirmButton>
    </li>
  );
}

function NewApiKeyForm() {
  const { client } = useEngine();
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => client.apiKeys.create({ name: name.trim() }),
    onSuccess: () => {
      setName('');
      return cache.invalidateQueries({ queryKey: ['apiKeys'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="card new-key" onSubmit={submit} noValidate aria-label="New API key">
      <Stack gap="sm">
        <TextInput
          label="What the new key is for"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {create.error && <FaultNote error={create.error} />}
        {create.data && <Created created={create.data} />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            Create the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** It is told this once. */
function Created({ created: { key } }: { created: CreatedApiKey }) {
  return (
    <div className="created" role="status" aria-label="The new key">
      <p>
        <code className="literal">{key}</code> is shown only now.
      </p>
      <CopyButton value={key}>
        {({ copied, copy }) => (
          <Button variant="default" leftSection={<IconCopy size={14} />} onClick={copy}>
            {copied ? 'Copied' : 'Copy the key'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
