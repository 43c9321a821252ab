import os from 'node:os';
import path from 'node:path';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import { Catalogue } from '../packs/sources/catalogue.ts';
import { type DownloadDeps, downloadText } from '../packs/sources/download.ts';
import type { SourceDeps } from '../packs/sources/fetch-source.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { runProgram } from '../supervisor/run-program.ts';

/** An index of all published packs takes 600 kB. */
const LARGEST_INDEX = 32 * 1024 * 1024;

export type PackSources = SourceDeps & { readonly catalogue: Catalogue };

/** Where packs are fetched from: files, git, the web and the catalogues of the settings. */
export function buildSources(host: Host, clock: Clock, registry: PackRegistry): PackSources {
  const environment = cleanEnvironment(host.environment);
  const downloads: DownloadDeps = { environment, idleMs: 20_000 };
  const home = os.homedir();
  return {
    builtInFolder: host.folders.builtInPacks,
    bundled: () => registry.available().map((pack) => pack.ref),
    home,
    dataFolder: host.folders.data,
    git: { runProgram, environment, platform: process.platform },
    downloads,
    catalogue: new Catalogue({
      sources: () => host.settings.get().packs.catalogues,
      fetchText: (url, signal) =>
        downloadText(downloads, { url, maxBytes: LARGEST_INDEX, totalMs: 60_000, accept: 'application/json' }, signal),
      cacheFolder: path.join(host.folders.data, 'catalogues'),
      home,
      clock,
      log: host.log.scope('packs'),
    }),
  };
}
