import { StormletError } from '../../contract/errors.ts';
import { nearestNames } from '../../kit/nearest-name.ts';
import type { Catalogue, CatalogueReading } from './catalogue.ts';
import type { CataloguePack } from './catalogue-index.ts';

/** The pack that a name means. Throws with the nearest names, or with why the catalogues could not be asked. */
export async function findInCatalogue(
  catalogue: Pick<Catalogue, 'read'>,
  name: string,
  bundled: readonly string[],
  signal: AbortSignal,
): Promise<CataloguePack> {
  const readings = await catalogue.read(signal);
  const packs = readings.flatMap((reading) => reading.packs);
  const found = packs.find(({ ref }) => ref === name) ?? packs.find((pack) => pack.name === name);
  if (found) return found;
  const unread = readings.filter((reading) => reading.problem);
  if (packs.length === 0 && unread[0]) throw unreachable(name, unread[0]);
  throw unknown(name, nearestNames(name, [...bundled, ...packs.map(({ ref }) => ref)], 3), unread);
}

function unreachable(name: string, { problem }: CatalogueReading): StormletError {
  return new StormletError({
    code: 'catalogue/unreachable',
    kind: problem?.kind ?? 'environment',
    message: `what \`${name}\` is cannot be looked up: ${problem?.message}`,
    hint: 'without a catalogue, give the address of its git repository, an archive or a folder',
  });
}

function unknown(name: string, near: readonly string[], unread: readonly CatalogueReading[]): StormletError {
  const meant = near.length > 0 ? `did you mean ${near.map((one) => `\`${one}\``).join(' or ')}?` : OTHER_FORMS;
  const old = unread.map(({ source, fetchedAt }) => {
    const state = fetchedAt ? `is as it was on ${fetchedAt.slice(0, 10)}` : 'could not be read';
    return `; the catalogue \`${source}\` ${state}`;
  });
  return new StormletError({
    code: 'pack/source-unknown',
    kind: 'user',
    message: `\`${name}\` is no pack that ships with the app, and none of a catalogue`,
    hint: meant + old.join(''),
  });
}

const OTHER_FORMS =
  "search with `stormlet pack search`, or give a folder's whole path, an archive, or the address of a git repository";
