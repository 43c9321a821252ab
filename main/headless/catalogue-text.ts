import type { CatalogueHit, CataloguePage, CatalogueState } from '../contract/catalogue.ts';
import { localTime, table } from './text.ts';

/** What a search found, and below it how far it can be trusted. */
export function catalogueText({ hits, total, catalogues }: CataloguePage): string {
  const rows = hits.map((hit) => [hit.ref, hit.version, noteOn(hit), hit.description.split('\n', 1)[0] ?? '']);
  const found = table(['PACK', 'VERSION', 'INSTALLED', 'DESCRIPTION'], rows, 'no pack fits');
  const more = total > hits.length ? [`${total - hits.length} more: narrow the search`] : [];
  const notes = [...more, ...catalogues.flatMap(noteOnCatalogue)];
  return [found, notes.join('\n')].filter((part) => part !== '').join('\n\n');
}

function noteOn({ installed, from }: CatalogueHit): string {
  return installed ?? (from === 'app' ? 'comes with the app' : '');
}

function noteOnCatalogue({ source, fetchedAt, problem }: CatalogueState): string[] {
  if (!problem) return [];
  const age = fetchedAt ? `as it was on ${localTime(fetchedAt)}` : 'not read';
  return [`${source}: ${age}, since ${problem.message}`];
}
