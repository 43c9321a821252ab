import { Button, Combobox, Group, Stack, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CatalogueHit, CataloguePage } from '../../../main/contract/catalogue.ts';
import type { AvailablePack } from '../../../main/contract/packs.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { FaultNote } from '../../ui/FaultNote.tsx';
import { CatalogueHits } from './CatalogueHits.tsx';
import { CatalogueNote } from './CatalogueNote.tsx';
import { looksLikeSource } from './looks-like-source.ts';

type SourceFormProps = { busy: boolean; fault: Error | undefined; onInstall: (source: string) => void };

const TYPING_MS = 150;

/** One field for both: words search the catalogues, and an address or a path is taken as it is. */
export function SourceForm({ busy, fault, onInstall }: SourceFormProps) {
  const { queries } = useEngine();
  const [typed, setTyped] = useState('');
  const isSource = looksLikeSource(typed);
  const [search] = useDebouncedValue(isSource ? '' : typed.trim(), TYPING_MS);
  const found = useQuery(queries.catalogue(search)).data;
  const bundled = useQuery(queries.availablePacks()).data;
  // What ships with the app is there before a slow catalogue is.
  const page = found ?? pageOf(bundled ?? [], search);
  const combobox = useCombobox({ opened: true });
  const exact = page.hits.find(({ ref }) => ref === typed.trim());
  const source = isSource ? typed.trim() : exact?.ref;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Enter on a hit was taken by the list already.
    if (source && combobox.getSelectedOptionIndex() < 0) onInstall(source);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Combobox store={combobox} onOptionSubmit={onInstall} disabled={busy}>
          <Combobox.EventsTarget>
            <TextInput
              label="Pack to install"
              description="Words to search for, or where it is: a folder, a .zip or .tar.gz, owner/repo or a git address, with =version behind it"
              placeholder="weather, ~/packs/mine, https://host/pack.git=v1.2.0"
              leftSection={<IconSearch size={15} />}
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                combobox.resetSelectedOption();
              }}
              data-autofocus
            />
          </Combobox.EventsTarget>
          {!isSource && <CatalogueHits page={page} search={search} isReading={!found} />}
        </Combobox>
        {!isSource && <CatalogueNote catalogues={page.catalogues} />}
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

function pageOf(bundled: readonly AvailablePack[], search: string): CataloguePage {
  const hits = bundled
    .filter(({ ref, name }) => ref.includes(search) || name.includes(search))
    .map(({ installed, ...pack }): CatalogueHit => {
      return { ...pack, author: '', keywords: [], from: 'app', ...(installed && { installed: pack.version }) };
    });
  return { hits, total: hits.length, catalogues: [] };
}
