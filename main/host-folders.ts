import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';
import type { HostFolders } from './host.ts';

/** Where both hosts and the CLI look. They find each other by these folders, so there is one place that says them. */
export function userFolders(home: string | undefined): Pick<HostFolders, 'config' | 'data'> {
  if (home) return { config: path.resolve(home, 'config'), data: path.resolve(home, 'data') };
  const { config, data } = envPaths('stormlet', { suffix: '' });
  return { config, data };
}

/** What the app brings along: its version, its own packs, its Python side and its Node side, what new packs begin with, the built window. */
export type AppFiles = {
  readonly version: string;
  readonly builtInPacks: string;
  readonly python: string;
  readonly node: string;
  readonly packTemplate: string;
  readonly renderer: string;
};

/** Looked for upwards from `start`, because sources and the bundle lie at different depths below the app's root. */
export function appFiles(start: string): AppFiles {
  const manifest = findManifest(start);
  const root = path.dirname(manifest);
  return {
    version: String(JSON.parse(readFileSync(manifest, 'utf8')).version),
    builtInPacks: path.join(root, 'packs'),
    python: path.join(root, 'main', 'python'),
    node: path.join(root, 'main', 'node'),
    packTemplate: path.join(root, 'main', 'authoring', 'template'),
    renderer: path.join(root, 'out', 'renderer'),
  };
}

function findManifest(folder: string): string {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) return file;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('the app was taken out of its folder: there is no package.json above it');
  return findManifest(parent);
}
