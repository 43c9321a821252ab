import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';
import { CONTENT_SECURITY_POLICY } from '../../main/rpc/static-files.ts';

/**
 * The window on a fake engine, built apart from what ships (in a folder of that name) and served under the policy that ships.
 * Built by a test it holds React's development build, whose warnings the tests look at.
 */
export function fakeWindow(name: string): InlineConfig {
  return {
    configFile: false,
    root: path.join(import.meta.dirname, 'app'),
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir: path.join(import.meta.dirname, '../../out/fake-windows', name),
      emptyOutDir: true,
      chunkSizeWarningLimit: 2_000,
    },
    preview: { host: '127.0.0.1', port: 0, headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
  };
}
