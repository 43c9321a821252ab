import type { Clipboard } from '../host.ts';
import type { ElectronSurface } from './electron-surface.ts';

/** What password managers put beside a password, on macOS, Windows and KDE, so that it is not kept. */
const CONFIDENTIAL = [
  'org.nspasteboard.ConcealedType',
  'org.nspasteboard.TransientType',
  'ExcludeClipboardContentFromMonitorProcessing',
  'Clipboard Viewer Ignore',
  'x-kde-passwordManagerHint',
].map((format) => `electron application/osclipboard;format="${format}"`);

/** The desktop's clipboard, as far as it holds text that is nobody's secret. */
export function desktopClipboard(clipboard: ElectronSurface['clipboard']): Clipboard {
  return {
    async readText() {
      const marks = await Promise.all(CONFIDENTIAL.map((format) => clipboard.has(format)));
      if (marks.some((isThere) => isThere)) return undefined;
      return (await clipboard.readText()) || undefined;
    },
    writeText: (text) => clipboard.writeText(text),
  };
}
