import path from 'node:path';
import { build } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The shell and its smoke's entry for an old Electron, each as one CommonJS file. Resolves with the main one of that app. */
export async function buildForOldElectron(): Promise<string> {
  const outDir = path.join(ROOT, 'out', 'old-electron');
  await buildOne(path.join(import.meta.dirname, 'main.ts'), outDir, 'main.cjs');
  await buildOne(path.join(import.meta.dirname, 'packaged.ts'), outDir, 'packaged.cjs');
  await buildOne(path.join(ROOT, 'main', 'node', 'node-action-wrapper.ts'), outDir, 'node-action-wrapper.cjs');
  const electron = [/^electron$/, path.join(import.meta.dirname, 'electron-in-page.ts')] as const;
  await buildOne(path.join(ROOT, 'preload', 'index.ts'), outDir, 'preload.cjs', electron);
  return path.join(outDir, 'main.cjs');
}

/** The last: what stands in for a module that cannot be had there. */
async function buildOne(
  entry: string,
  outDir: string,
  name: string,
  [find, replacement]: readonly [RegExp, string] = [/^execa$/, path.join(import.meta.dirname, 'no-execa.ts')],
): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    resolve: { alias: [{ find, replacement }] },
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: 'node16',
      rollupOptions: {
        external: ['electron/renderer'],
        output: { format: 'cjs', entryFileNames: name, codeSplitting: false },
      },
    },
  });
}
