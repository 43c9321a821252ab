import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { sameJson } from '../../../main/contract/check-parameters.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import type { FieldDrafts } from '../../ui/field-draft.ts';
import { SchemaForm } from '../../ui/SchemaForm.tsx';
import { type ConfigEditing, draftOfConfig, readConfigDraft } from './config-draft.ts';

export function ConfigForm({ config, isSaving, onChanged, onDiscard, onSave }: ConfigEditing) {
  const { queries } = useEngine();
  const keys = useQuery(queries.keys()).data ?? [];
  const [before] = useState(() => draftOfConfig(config));
  const [draft, setDraft] = useState(before);
  const read = readConfigDraft(config, draft, before);
  const isSound = Object.keys(read.faults).length === 0;
  const isChanged = !isSound || !sameJson(read.values, config.values);
  const change = (next: FieldDrafts) => {
    setDraft(next);
    const { values, faults } = readConfigDraft(config, next, before);
    onChanged(Object.keys(faults).length > 0 || !sameJson(values, config.values));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSound) onSave({ values: read.values });
  };
  return (
    <form className="card" onSubmit={submit} noValidate aria-label="Configuration">
      <Stack gap="md">
        <SchemaForm
          form="configuration"
          specs={config.schema}
          draft={draft}
          onChange={change}
          faults={read.faults}
          expressions={{ from: 'datastore', paths: keys.filter(isOwnKey).map(({ name }) => pathOf(name)) }}
        />
        <Group justify="flex-end" gap="sm">
          {isChanged && <span className="quiet">{isSound ? 'not saved yet' : 'some fields need a look'}</span>}
          <Button variant="default" disabled={!isChanged} onClick={onDiscard}>
            Discard
          </Button>
          <Button type="submit" disabled={!isChanged || !isSound} loading={isSaving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Those of saved secrets and of packs' own state are named elsewhere. */
function isOwnKey({ name }: { name: string }): boolean {
  return !name.startsWith('config.') && !name.includes(':');
}

function pathOf(name: string): string {
  return /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(name) ? `st2kv.system.${name}` : `st2kv.system['${name}']`;
}
