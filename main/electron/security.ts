import type { Log } from '../kit/log.ts';
import { isAppUrl } from './app-protocol.ts';
import type { ContentsSurface, FrameSurface, NavigationSurface, SessionSurface } from './electron-surface.ts';

/** Locks in whatever page is ever created: it stays on the app's own address, opens nothing and embeds nothing. */
export function guardContents(contents: ContentsSurface, log: Log): void {
  const stay = (details: NavigationSurface) => {
    if (isAppUrl(details.url)) return;
    details.preventDefault();
    log.warn('navigation refused', { url: details.url });
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The window gets no permission of any kind and reaches no network: all that it needs, it asks of the engine. */
export function guardSession(session: SessionSurface): void {
  session.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isLocal(url) }));
}

/** Images in the page's own code are `data:` addresses; the developer tools are Electron's own pages. */
function isLocal(url: string): boolean {
  return isAppUrl(url) || url.startsWith('data:') || url.startsWith('devtools:');
}

/** Whether a message comes from the window's own top frame. A frame that is gone meanwhile is null. */
export function isOwnFrame(frame: FrameSurface | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}
