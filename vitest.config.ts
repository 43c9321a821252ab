import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './test/support/tally-reporter.ts';

const tally = process.env.STORMLET_TALLY;

export default defineConfig({
  // The real `electron` package starts a download when it is imported outside of Electron.
  resolve: { alias: { electron: fileURLToPath(new URL('test/support/no-electron.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/shared-tools.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: tally ? ['default', new TallyReporter(tally)] : ['default'],
  },
});
