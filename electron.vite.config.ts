import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { leanHttp } from './main/launch/lean-http.mjs';
import { thirdPartyNotices } from './main/launch/third-party.mjs';

const at = (file: string) => path.join(import.meta.dirname, file);

/** Everything is bundled, so that the packaged app needs no `node_modules`; only `electron` stays an import. */
export default defineConfig({
  main: {
    plugins: [leanHttp(), thirdPartyNotices(at('out/notices/app.txt'))],
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: {
        input: {
          desktop: at('main/electron/index.ts'),
          cli: at('main/headless/cli.ts'),
          'node-action-wrapper': at('main/node/node-action-wrapper.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      // A sandboxed preload script can only be one CommonJS file.
      rollupOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), thirdPartyNotices(at('out/notices/window.txt'))],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: true,
      // In kB. The files come from the disk, and most of them from one page.
      chunkSizeWarningLimit: 1500,
      rollupOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
