import { z } from 'zod';
import { Fault } from './errors.ts';

/** A pack that can be installed by its name. */
export const CatalogueHit = z.object({
  /** What to ask `packs.install` for. */
  ref: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string(),
  author: z.string(),
  keywords: z.array(z.string()),
  /** `app`: it ships with the app, and needs no network. */
  from: z.enum(['app', 'catalogue']),
  /** Of its repository. */
  url: z.string().optional(),
  /** The version that is installed. */
  installed: z.string().optional(),
});
export type CatalogueHit = z.infer<typeof CatalogueHit>;

/** One of the settings' `packs.catalogues`. */
export const CatalogueState = z.object({
  source: z.string(),
  packs: z.number(),
  /** When it was fetched; absent for a file, which is read each time, and where it never was. */
  fetchedAt: z.string().optional(),
  /** Why it is not up to date: what is listed comes from an older copy, if there is one. */
  problem: Fault.optional(),
});
export type CatalogueState = z.infer<typeof CatalogueState>;

export const CatalogueSearch = z.object({
  /** Words that all occur in a pack's name, keywords or description; empty: all packs. */
  search: z.string().default(''),
  limit: z.number().int().min(1).max(500).default(50),
});
export type CatalogueSearch = z.infer<typeof CatalogueSearch>;

export const CataloguePage = z.object({
  /** The best first. */
  hits: z.array(CatalogueHit),
  /** Also those beyond the limit. */
  total: z.number(),
  catalogues: z.array(CatalogueState),
});
export type CataloguePage = z.infer<typeof CataloguePage>;
