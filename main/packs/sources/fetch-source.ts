import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Catalogue } from './catalogue.ts';
import { cloneRepository, type Repository } from './clone-repository.ts';
import { copyPack } from './copy-pack.ts';
import { type DownloadDeps, download } from './download.ts';
import type { FetchProgress } from './fetch-progress.ts';
import { findInCatalogue } from './find-in-catalogue.ts';
import { findPackRoot } from './find-pack-root.ts';
import type { GitDeps } from './git.ts';
import type { FoundRef } from './git-refs.ts';
import { checkGitUrl, withoutPassword } from './git-url.ts';
import { type ResolveDeps, type ResolvedSource, resolveSource } from './resolve-source.ts';
import { unpackArchive } from './unpack-archive.ts';

export type SourceDeps = ResolveDeps & {
  /** The app's own data: never copied along, should a pack's folder hold it. */
  readonly dataFolder: string;
  readonly git: GitDeps;
  readonly downloads: DownloadDeps;
  readonly catalogue: Pick<Catalogue, 'read'>;
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
    return await fetchKind({ deps, into, aside, progress, signal }, source);
  } finally {
    await rm(aside, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Fetch = {
  readonly deps: SourceDeps;
  readonly into: string;
  /** For what is fetched before the pack is taken out of it. */
  readonly aside: string;
  readonly progress: FetchProgress;
  readonly signal: AbortSignal;
};

async function fetchKind(fetch: Fetch, source: ResolvedSource): Promise<Fetched> {
  const { deps, into, signal } = fetch;
  const { kind } = source;
  switch (kind) {
    case 'bundled':
    case 'folder':
      await copyPack(source.folder, into, deps.dataFolder, signal);
      return { kind, origin: kind === 'bundled' ? source.name : source.folder, folder: into };
    case 'git':
      return { kind, origin: withoutPassword(source.url), ...(await clone(fetch, source)), folder: into };
    case 'archive':
      return { kind, origin: await unpack(fetch, source), folder: into };
    case 'catalogue': {
      const { url } = await findInCatalogue(deps.catalogue, source.name, deps.bundled(), signal);
      const found = await clone(fetch, { url: checkGitUrl(url), ref: source.ref });
      return { kind, origin: source.name, ...found, folder: into };
    }
  }
}

async function clone({ deps, into, aside, progress, signal }: Fetch, repository: Repository): Promise<FoundRef> {
  const folder = path.join(aside, 'repository');
  const found = await cloneRepository(deps.git, repository, folder, progress, signal);
  const root = await findPackRoot(folder, withoutPassword(repository.url));
  await copyPack(root, into, deps.dataFolder, signal);
  return found;
}

/** Returns what the archive is called. */
async function unpack(fetch: Fetch, { file, url }: { file?: string; url?: string }): Promise<string> {
  const { deps, into, aside, signal } = fetch;
  const origin = file ?? withoutPassword(url ?? '');
  const archive = file ?? (await downloadArchive(fetch, url ?? ''));
  const unpacked = path.join(aside, 'unpacked');
  await mkdir(unpacked);
  await unpackArchive(archive, origin, unpacked, signal);
  await copyPack(await findPackRoot(unpacked, origin), into, deps.dataFolder, signal);
  return origin;
}

const LARGEST_ARCHIVE = 256 * 1024 * 1024;
const LONGEST_DOWNLOAD_MS = 30 * 60 * 1000;

async function downloadArchive({ deps, aside, progress, signal }: Fetch, url: string): Promise<string> {
  const file = path.join(aside, 'archive');
  const doing = 'Downloading';
  progress.onOutput('stdout', `${doing} ${withoutPassword(url)}\n`);
  let last = -1;
  const onBytes = (bytes: number, total: number | undefined) => {
    const percent = total === undefined ? -1 : Math.floor((bytes / total) * 100);
    if (percent > last) progress.onPercent(percent, doing);
    last = Math.max(last, percent);
  };
  const request = { url, maxBytes: LARGEST_ARCHIVE, totalMs: LONGEST_DOWNLOAD_MS, onBytes };
  await pipeline(download(deps.downloads, request, signal), createWriteStream(file));
  return file;
}
