import type { Log } from '../kit/log.ts';
import { APP_URL } from './app-protocol.ts';
import type { SessionSurface } from './electron-surface.ts';

export type DownloadsDeps = {
  readonly session: SessionSurface;
  tell(title: string, body: string): void;
  readonly log: Log;
};

/**
 * The page hands the person what they export as a download of its own making; nothing else may be downloaded. The person
 * says where it goes, in the system's own dialog, which begins where they saved last.
 */
export function guardDownloads({ session, tell, log }: DownloadsDeps): void {
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_URL}`)) {
      event.preventDefault();
      log.warn('a download was refused', { url: item.getURL() });
      return;
    }
    item.setSaveDialogOptions({ filters: [{ name: 'JSON', extensions: ['json'] }] });
    const name = item.getFilename();
    item.once('done', (_event, state) => {
      if (state !== 'interrupted') return;
      log.error('an export could not be saved', { name, file: item.getSavePath() });
      tell('The export could not be saved', `${name}: the disk may be full, or the folder not yours to write to.`);
    });
  });
}
