import { Button, CopyButton, Group, Stack, TagsInput, TextInput } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { BusKey, CreatedBusKey } from '../../../main/contract/bus.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Section } from '../../ui/Section.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { dateWithTime } from '../../ui/times.ts';

/** Keys with which programs and devices speak to the broker. */
export function BusSettings() {
  const { queries } = useEngine();
  const status = useQuery(queries.status()).data;
  const keys = useQuery(queries.busKeys());
  return (
    <div className="one-column">
      <Section title="Keys for programs and devices">
        <Loaded query={keys}>{(listed) => <BusKeys keys={listed} />}</Loaded>
      </Section>
      <Section title="A new key">
        <NewKeyForm />
      </Section>
      {status && (
        <Section title="The broker">
          <dl className="facts card">
            <dt>Address</dt>
            <dd className="mono">{status.busUrl}</dd>
          </dl>
        </Section>
      )}
    </div>
  );
}

function BusKeys({ keys }: { keys: readonly BusKey[] }) {
  if (keys.length === 0) return <p className="quiet">None yet. With a key, anything that speaks MQTT can take part.</p>;
  return (
    <ul className="list" aria-label="Bus keys">
      {keys.map((key) => (
        <li key={key.name} className="row">
          <div className="row-main">
            <span className="row-title">{key.name}</span>
            <div className="quiet mono">{key.topics.join(', ')}</div>
          </div>
          <span className="quiet">{dateWithTime(key.createdAt)}</span>
          <DeleteKey name={key.name} />
        </li>
      ))}
    </ul>
  );
}

function DeleteKey({ name }: { name: string }) {
  const { client } = useEngine();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.bus.deleteKey({ name }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['bus'] }),
    onError: showFault,
  });
  return (
    <ConfirmButton
      label={`Delete ${name}`}
      icon={<IconTrash size={14} />}
      title={`Delete the key ${name}?`}
      confirm="Delete the key"
      onConfirm={() => remove.mutate()}
    >
      Whoever uses it is disconnected at once.
    </ConfirmButton>
  );
}

function NewKeyForm() {
  const { client } = useEngine();
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [topics, setTopics] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () => client.bus.createKey({ name: name.trim(), topics }),
    onSuccess: () => {
      setName('');
      setTopics([]);
      return cache.invalidateQueries({ queryKey: ['bus'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="card" onSubmit={submit} noValidate aria-label="New bus key">
      <Stack gap="sm">
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TagsInput
          size="xs"
          label="Topics that it may publish and listen to"
          placeholder="home/+/temperature"
          value={topics}
          onChange={setTopics}
        />
        {create.error && <FaultNote error={create.error} />}
        {create.data && <Created created={create.data} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!name.trim() || topics.length === 0} loading={create.isPending}>
            Create the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The password is told this once. */
function Created({ created: { name, password, url } }: { created: CreatedBusKey }) {
  return (
    <div className="created" role="status" aria-label="The new key">
      <p>
        User <code className="literal">{name}</code>, password <code className="literal">{password}</code>, at{' '}
        <code className="literal">{url}</code>. It is shown only now.
      </p>
      <CopyButton value={password}>
        {({ copied, copy }) => (
          <Button variant="default" leftSection={<IconCopy size={14} />} onClick={copy}>
            {copied ? 'Copied' : 'Copy the password'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
