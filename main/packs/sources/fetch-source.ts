import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cloneRepository } from './clone-repository.ts';
import { copyPack } from './copy-pack.ts';
import type { FetchProgress } from './fetch-progress.ts';
import { findPackRoot } from './find-pack-root.ts';
import type { GitDeps } from './git.ts';
import { withoutPassword } from './git-url.ts';
import { type ResolveDeps, type ResolvedSource, resolveSource } from './resolve-source.ts';

export type SourceDeps = ResolveDeps & {
  /** The app's own data: never copied along, should a pack's folder hold it. */
  readonly dataFolder: string;
  readonly git: GitDeps;
};

/** What was fetched. `origin` and `ref` together can be asked for again. */
export type Fetched = {
  readonly kind: ResolvedSource['kind'];
  /** A name, an absolute path or an address, without any password. */
  readonly origin: string;
  /** The branch or tag. */
  readonly ref?: string;
  readonly commit?: string;
  /** Where the ref is a version's tag. */
  readonly version?: string;
  /** Where the pack's files are now. */
  readonly folder: string;
};

/**
 * Brings what was asked for into the folder `into`, which must not exist yet: there it is the pack and nothing else, no
 * `.git` and no caches. Whoever called it deletes that folder, also after a failure; nothing else is left.
 */
export async function fetchSource(
  deps: SourceDeps,
  asked: string,
  into: string,
  progress: FetchProgress,
  signal: AbortSignal,
): Promise<Fetched> {
  const source = resolveSource(deps, asked);
  // Beside it, with its name in front: whoever tidies up after a crash finds both.
  const aside = `${into}-source`;
  try {
    await mkdir(aside, { recursive: true });
    return await fetchKind(deps, source, { into, aside }, progress, signal);
  } finally {
    await rm(aside, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Places = { readonly into: string; readonly aside: string };

async function fetchKind(
  deps: SourceDeps,
  source: ResolvedSource,
  { into, aside }: Places,
  progress: FetchProgress,
  signal: AbortSignal,
): Promise<Fetched> {
  const { kind } = source;
  switch (kind) {
    case 'bundled':
    case 'folder':
      await copyPack(source.folder, into, deps.dataFolder, signal);
      return { kind, origin: kind === 'bundled' ? source.name : source.folder, folder: into };
    case 'git': {
      const clone = path.join(aside, 'repository');
      const origin = withoutPassword(source.url);
      const found = await cloneRepository(deps.git, source, clone, progress, signal);
      await copyPack(await findPackRoot(clone, origin), into, deps.dataFolder, signal);
      return { kind, origin, ...found, folder: into };
    }
  }
}
