import path from 'node:path';
import { build } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The shell and its smoke's entry as one CommonJS file for an old Electron. Resolves with the folder of that app. */
export async function buildForOldElectron(): Promise<string> {
  const outDir = path.join(ROOT, 'out', 'old-electron');
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: path.join(import.meta.dirname, 'main.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node16',
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'main.cjs', codeSplitting: false } },
    },
  });
  return path.join(outDir, 'main.cjs');
}
