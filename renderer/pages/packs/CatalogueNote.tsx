import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CatalogueState } from '../../../main/contract/catalogue.ts';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { showFault } from '../../ui/show-fault.ts';

/** How old the catalogues are, and what is wrong with one that could not be read. */
export function CatalogueNote({ catalogues }: { catalogues: readonly CatalogueState[] }) {
  const { client } = useEngine();
  const cache = useQueryClient();
  const refresh = useMutation({
    mutationFn: () => client.packs.refreshCatalogue(),
    onSettled: () => cache.invalidateQueries({ queryKey: ['packs', 'catalogue'] }),
    onError: showFault,
  });
  if (catalogues.length === 0) return null;
  return (
    <div className="catalogues">
      <ul aria-label="Catalogues">
        {catalogues.map((catalogue) => (
          <li key={catalogue.source} className="quiet">
            <Catalogue catalogue={catalogue} />
          </li>
        ))}
      </ul>
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<IconRefresh size={13} />}
        loading={refresh.isPending}
        onClick={() => refresh.mutate()}
      >
        Look for new packs
      </Button>
    </div>
  );
}

function Catalogue({ catalogue: { source, packs, fetchedAt, problem } }: { catalogue: CatalogueState }) {
  return (
    <>
      <span className="mono">{source}</span>: {packs === 1 ? '1 pack' : `${packs} packs`}
      {fetchedAt && (
        <>
          , fetched <Moment at={fetchedAt} />
        </>
      )}
      {problem && (
        <div className="problem-hint">
          <RichText>{problem.message}</RichText>
        </div>
      )}
    </>
  );
}
