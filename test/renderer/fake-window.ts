import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';
import { CONTENT_SECURITY_POLICY } from '../../main/rpc/static-files.ts';

/** The window on a fake engine, built apart from what ships and served under the policy that it ships with. */
export const fakeWindow: InlineConfig = {
  configFile: false,
  root: path.join(import.meta.dirname, 'app'),
  base: './',
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir: path.join(import.meta.dirname, '../../out/fake-window'),
    emptyOutDir: true,
    chunkSizeWarningLimit: 2_000,
  },
  preview: { host: '127.0.0.1', port: 0, headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
};
