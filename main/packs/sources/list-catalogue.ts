import type { CatalogueHit, CataloguePage, CatalogueSearch, CatalogueState } from '../../contract/catalogue.ts';
import type { AvailablePack } from '../../contract/packs.ts';
import type { CatalogueReading } from './catalogue.ts';
import { searchCatalogue } from './search-catalogue.ts';

export type Offered = {
  readonly bundled: readonly AvailablePack[];
  readonly readings: readonly CatalogueReading[];
  installedVersion(ref: string): string | undefined;
};

/** What a search finds among the packs that ship with the app and those of all catalogues. */
export function listCatalogue(offered: Offered, { search, limit }: CatalogueSearch): CataloguePage {
  const found = searchCatalogue(offersOf(offered), search);
  const hits = found.slice(0, limit).map((hit): CatalogueHit => {
    const installed = offered.installedVersion(hit.ref);
    return installed === undefined ? hit : { ...hit, installed };
  });
  return { hits, total: found.length, catalogues: offered.readings.map(stateOf) };
}

export function stateOf({ source, packs, fetchedAt, problem }: CatalogueReading): CatalogueState {
  return { source, packs: packs.length, ...(fetchedAt && { fetchedAt }), ...(problem && { problem }) };
}

/** The first offer of each ref counts, as it does when it is installed: the app's own, then catalogue by catalogue. */
function offersOf({ bundled, readings }: Offered): CatalogueHit[] {
  const offers = new Map<string, CatalogueHit>();
  for (const { ref, name, description, version } of bundled) {
    offers.set(ref, { ref, name, description, version, author: '', keywords: [], from: 'app' });
  }
  for (const pack of readings.flatMap(({ packs }) => packs)) {
    if (!offers.has(pack.ref)) offers.set(pack.ref, { ...pack, keywords: [...pack.keywords], from: 'catalogue' });
  }
  return [...offers.values()];
}
