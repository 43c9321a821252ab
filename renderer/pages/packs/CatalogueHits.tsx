import { Combobox, ScrollArea } from '@mantine/core';
import type { CatalogueHit, CataloguePage } from '../../../main/contract/catalogue.ts';

type CatalogueHitsProps = { page: CataloguePage; search: string; isReading: boolean };

/** What was found, to be gone through with the arrow keys; picking one installs it. */
export function CatalogueHits({ page, search, isReading }: CatalogueHitsProps) {
  const { hits, total } = page;
  return (
    <div>
      <ScrollArea.Autosize
        mah={340}
        type="auto"
        className="list"
        viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': 'Scrolls the packs found' }}
      >
        <Combobox.Options aria-label="Packs found">
          {hits.map((hit) => (
            <Hit key={hit.ref} hit={hit} />
          ))}
          {isReading && <Combobox.Empty>Reading the catalogues…</Combobox.Empty>}
          {hits.length === 0 && !isReading && (
            <Combobox.Empty>{search ? `No pack fits “${search}”` : 'No packs'}</Combobox.Empty>
          )}
        </Combobox.Options>
      </ScrollArea.Autosize>
      {total > hits.length && (
        <div className="quiet">
          {hits.length} of {total}: more words find fewer
        </div>
      )}
    </div>
  );
}

function Hit({ hit }: { hit: CatalogueHit }) {
  const { ref, name, description, version, author, from, installed } = hit;
  const facts = [version, author && `by ${author}`, from === 'app' && 'comes with Stormlet'].filter(Boolean);
  return (
    <Combobox.Option value={ref} className="hit">
      <span className="row-title">{name}</span> <span className="quiet">{facts.join(' · ')}</span>
      {installed !== undefined && <span className="hit-installed">{installedText(installed, version)}</span>}
      <div className="row-text">{description}</div>
    </Combobox.Option>
  );
}

function installedText(installed: string, version: string): string {
  return installed === version ? 'installed' : `${installed} installed: this updates it`;
}
