import './polyfills.ts';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { runScript } from './run-script.ts';

/*
 * What is packed in the place of the app for an Electron that is too old for it: runs one action out of the archive, says
 * what came of it in a file, and ends.
 */
const { SMOKE_SCRIPT: script = '', SMOKE_OUTCOME: file = '' } = process.env;

async function work(): Promise<void> {
  const wrapper = path.join(app.getAppPath(), 'out', 'old-electron', 'node-action-wrapper.cjs');
  const outcome = await runScript(wrapper, script, 30_000);
  writeFileSync(
    file,
    JSON.stringify({ ...outcome, isPackaged: app.isPackaged, from: path.basename(app.getAppPath()) }),
  );
}

app
  .whenReady()
  .then(work)
  .catch((error: unknown) => writeFileSync(file, JSON.stringify({ error: String(error) })))
  .finally(() => app.exit(0));
