import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../kit/log.ts';
import type { IpcSurface } from './electron-surface.ts';
import type { InstallPrompt } from './install-prompt.ts';
import { isOwnFrame } from './security.ts';

export type DroppedPacksDeps = {
  readonly ipcMain: IpcSurface;
  readonly contents: unknown;
  readonly prompt: Pick<InstallPrompt, 'ask'>;
  readonly log: Log;
};

/** At a time; more would not fit into a question. */
const MOST = 10;

/** Folders and archives that were dropped on the window are installed, once the person has said so. */
export function takeDroppedPacks({ ipcMain, contents, prompt, log }: DroppedPacksDeps): void {
  ipcMain.on('stormlet:dropped', (event, value) => {
    if (event.sender !== contents || !isOwnFrame(event.senderFrame)) {
      log.warn('a drop from elsewhere than the window was refused');
      return;
    }
    installable(value)
      .then((sources) => (sources.length > 0 ? prompt.ask(sources, 'drop') : log.warn('what was dropped is no pack')))
      .catch((error: unknown) => log.warn('what was dropped could not be installed', { error }));
  });
}

async function installable(value: unknown): Promise<string[]> {
  const paths = Array.isArray(value) ? value.filter((item) => typeof item === 'string' && path.isAbsolute(item)) : [];
  const checked = await Promise.all(paths.slice(0, MOST).map(async (file) => ((await isPack(file)) ? [file] : [])));
  return checked.flat();
}

/** Whether it really is one, the installation finds out. */
async function isPack(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isDirectory() === true || (found?.isFile() === true && /\.(zip|tar\.gz|tgz)$/i.test(file));
}
