import { z } from 'zod';
import { StormletError } from '../../contract/errors.ts';

/** A pack as a catalogue has it. */
export type CataloguePack = {
  readonly ref: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly keywords: readonly string[];
  /** Of its git repository. */
  readonly url: string;
};

/** As loose as the published index is: absent and null are one, a version may be a number, keywords may be one text. */
const text = z.union([z.string(), z.number().transform(String)]).nullish();
const Entry = z.object({
  ref: text,
  name: text,
  description: text,
  version: text,
  author: text,
  keywords: z.union([z.array(z.union([z.string(), z.number().transform(String)])), z.string()]).nullish(),
  repo_url: z.string().min(1),
});
const Index = z.object({ packs: z.record(z.string(), z.unknown()) });

/** Reads an index in the format of the StackStorm Exchange: `{ "packs": { NAME: { …pack.yaml, "repo_url" } } }`. */
export function readIndex(source: string, json: string): CataloguePack[] {
  const index = Index.safeParse(parseJson(source, json));
  if (!index.success) throw malformed(source, 'it has no map `packs`');
  const entries = Object.entries(index.data.packs);
  const packs = entries.flatMap(([key, value]) => {
    const entry = Entry.safeParse(value);
    return entry.success ? [packOf(key, entry.data)] : [];
  });
  if (packs.length === 0 && entries.length > 0) throw malformed(source, 'none of its packs has a `repo_url`');
  return packs;
}

function packOf(key: string, entry: z.infer<typeof Entry>): CataloguePack {
  const { keywords } = entry;
  return {
    ref: entry.ref ?? key,
    name: entry.name ?? key,
    description: (entry.description ?? '').trim(),
    version: entry.version ?? '',
    author: entry.author ?? '',
    keywords: typeof keywords === 'string' ? [keywords] : (keywords ?? []),
    url: entry.repo_url,
  };
}

function parseJson(source: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw malformed(source, error instanceof Error ? error.message : String(error));
  }
}

function malformed(source: string, why: string): StormletError {
  return new StormletError({
    code: 'catalogue/malformed',
    kind: 'user',
    message: `the catalogue \`${source}\` is no index of packs: ${why}`,
    hint: 'see `packs.catalogues` in the settings; an index looks like `{"packs": {"name": {"repo_url": …}}}`',
  });
}
