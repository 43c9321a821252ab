import type { ElectronSurface } from './electron-surface.ts';

export type Fault = {
  /** Why the app stops, in a few words. */
  readonly title: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly report: string;
};

/** Tells what stopped the app, and leaves the person a report to copy. Resolves when they have seen it. */
export async function showFault(
  { dialog, clipboard }: Pick<ElectronSurface, 'dialog' | 'clipboard'>,
  { title, message, hint, report }: Fault,
): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Stormlet',
    message: title,
    detail: hint === undefined ? message : `${message}\n\nHint: ${hint}`,
    buttons: ['Close', 'Copy a report'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) await clipboard.writeText(report);
}
