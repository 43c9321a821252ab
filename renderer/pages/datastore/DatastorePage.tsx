import { ActionIcon, Button, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { IconDatabase, IconLock, IconPencil, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { StoredKey } from '../../../main/contract/keys.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { showFault } from '../../ui/show-fault.ts';
import { dateWithTime } from '../../ui/times.ts';
import { useFocusBack } from '../../ui/use-focus-back.ts';
import { KeyDialog } from './KeyDialog.tsx';

const route = getRouteApi('/datastore');
/** More make a table that nobody reads to its end; words narrow it. */
const MOST_SHOWN = 500;

/** Texts by name, for packs, rules and configurations. */
export function DatastorePage() {
  const { queries } = useEngine();
  const { scope = 'system' } = route.useSearch();
  const keys = useQuery(queries.keys(scope));
  const [edited, setEdited] = useState<StoredKey | 'new'>();
  const add = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited('new')}>
      Add a key
    </Button>
  );
  return (
    <div className="page">
      <PageHeader title="Datastore" description="Values that packs, rules and configurations share, secrets encrypted.">
        {add}
      </PageHeader>
      <Loaded query={keys}>
        {(listed) => <Keys keys={listed} scope={scope} add={add} onEdit={(key) => setEdited(key)} />}
      </Loaded>
      {edited && (
        <KeyDialog
          key={edited === 'new' ? '' : edited.name}
          scope={scope}
          edited={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

type KeysProps = {
  readonly keys: readonly StoredKey[];
  readonly scope: 'system' | 'user';
  readonly add: ReactNode;
  readonly onEdit: (key: StoredKey) => void;
};

function Keys({ keys, scope, add, onEdit }: KeysProps) {
  const { find = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [doomed, setDoomed] = useState<StoredKey>();
  const found = keys.filter(({ name }) => name.toLowerCase().includes(find.toLowerCase()));
  return (
    <>
      <search className="filters" aria-label="Filters">
        <TextInput
          className="filter-text"
          aria-label="Find a key"
          placeholder="Find a key"
          leftSection={<IconSearch size={14} />}
          value={find}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ search: (kept) => ({ ...kept, find: value || undefined }), replace: true })
          }
        />
        <SegmentedControl
          size="xs"
          aria-label="Whose keys"
          value={scope}
          data={[
            { value: 'system', label: 'For all packs' },
            { value: 'user', label: 'Yours' },
          ]}
          onChange={(value) =>
            void navigate({ search: (kept) => ({ ...kept, scope: value === 'user' ? 'user' : undefined }) })
          }
        />
      </search>
      {found.length === 0 ? (
        <Empty
          icon={<IconDatabase size={28} />}
          title={keys.length === 0 ? 'No keys yet' : 'No key fits'}
          action={keys.length === 0 && add}
        >
          {keys.length === 0
            ? 'A rule reads one with {{ st2kv.system.name }}, an action with its datastore.'
            : `None of ${keys.length} has these letters in its name.`}
        </Empty>
      ) : (
        <table className="keys list" aria-label="Keys">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
              <th scope="col">Expires</th>
              <th scope="col">
                <span className="visually-hidden">What to do with it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, MOST_SHOWN).map((key) => (
              <KeyRow key={key.name} stored={key} onEdit={() => onEdit(key)} onDelete={() => setDoomed(key)} />
            ))}
          </tbody>
        </table>
      )}
      {found.length > MOST_SHOWN && <p className="quiet">… and {found.length - MOST_SHOWN} more.</p>}
      {doomed && <DeleteDialog stored={doomed} onClose={() => setDoomed(undefined)} />}
    </>
  );
}

type KeyRowProps = { readonly stored: StoredKey; readonly onEdit: () => void; readonly onDelete: () => void };

function KeyRow({ stored: { name, value, secret, expiresAt }, onEdit, onDelete }: KeyRowProps) {
  return (
    <tr>
      <th scope="row" className="mono">
        {name}
      </th>
      <td className="key-value mono">
        {secret && <IconLock size={13} aria-label="secret" />} {value}
      </td>
      <td className="quiet">{expiresAt ? dateWithTime(expiresAt) : ''}</td>
      <td className="key-tools">
        <Tooltip label="Change">
          <ActionIcon aria-label={`Change ${name}`} onClick={onEdit}>
            <IconPencil size={15} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Delete">
          <ActionIcon aria-label={`Delete ${name}`} onClick={onDelete}>
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  );
}

function DeleteDialog({ stored: { name, scope }, onClose }: { stored: StoredKey; onClose: () => void }) {
  const { client } = useEngine();
  useFocusBack();
  const remove = useMutation({ mutationFn: () => client.keys.delete({ name, scope }), onError: showFault });
  return (
    <ConfirmDialog
      opened
      title={`Delete ${name}?`}
      confirm="Delete the key"
      onClose={onClose}
      onConfirm={() => remove.mutate()}
    >
      What reads it gets nothing from then on. There is no way back to its value.
    </ConfirmDialog>
  );
}
