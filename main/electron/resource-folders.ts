import path from 'node:path';
import { type AppFiles, appFiles } from '../host-folders.ts';
import type { AppSurface } from './electron-surface.ts';

export type DesktopFiles = AppFiles & {
  readonly preload: string;
  readonly icons: string;
  readonly notices: string;
  /** Runs within the app's own Node, which reads into the archive. */
  readonly actionWrapper: string;
};

/**
 * Where the app's own files are. Packaged, its code is in an archive that only Electron can read into, so what other
 * programs read (Python, Node, pip, the desktop's panel) lies beside it.
 */
export function desktopFiles(app: Pick<AppSurface, 'isPackaged' | 'getAppPath'>, resources: string): DesktopFiles {
  const root = app.getAppPath();
  const inSources = {
    ...appFiles(root),
    preload: path.join(root, 'out', 'preload', 'index.cjs'),
    icons: path.join(root, 'main', 'electron', 'icons'),
    /** The licences of what the app is made of. */
    notices: path.join(root, 'out', 'notices'),
    actionWrapper: path.join(root, 'out', 'main', 'node-action-wrapper.js'),
  };
  if (!app.isPackaged) return inSources;
  return {
    ...inSources,
    builtInPacks: path.join(resources, 'packs'),
    python: path.join(resources, 'python'),
    node: path.join(resources, 'node'),
    packTemplate: path.join(resources, 'pack-template'),
    icons: path.join(resources, 'icons'),
    notices: path.join(resources, 'notices'),
  };
}
