import path from 'node:path';
import type { TrayState } from './tray-facts.ts';

export type TrayLook = 'idle' | 'running' | 'attention' | 'paused';

/** What waits for the person goes first: it is what one looks at the icon for. */
export function trayLook({ status, questions, unseen }: TrayState): TrayLook {
  if (questions > 0 || unseen > 0) return 'attention';
  if (status?.paused) return 'paused';
  return (status?.running ?? 0) > 0 ? 'running' : 'idle';
}

/** macOS recolours an image whose name ends in `Template`; elsewhere the panel is taken to be as dark as the desktop. */
export function trayIcon(folder: string, look: TrayLook, platform: NodeJS.Platform, isDark: boolean): string {
  const variant = platform === 'darwin' ? 'Template' : isDark ? 'dark' : 'light';
  return path.join(folder, `tray-${look}-${variant}.png`);
}
