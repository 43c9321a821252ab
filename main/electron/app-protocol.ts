import type { CustomScheme } from 'electron';
import { findFile, SECURITY_HEADERS } from '../rpc/static-files.ts';
import type { ProtocolSurface } from './electron-surface.ts';

/** The window's own address. A scheme of its own and not `file://`, which would give the page every file of the machine. */
export const APP_URL = 'app://stormlet/';

export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

export function isAppUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'app:' && url.host === 'stormlet';
}

/** Gives the window the files of `folder`, and nothing outside of it. */
export function serveAppFiles(protocol: ProtocolSurface, folder: string): void {
  protocol.handle('app', (request) => answer(folder, request));
}

async function answer(folder: string, request: Request): Promise<Response> {
  if (!isAppUrl(request.url)) return refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  const file = await findFile(folder, new URL(request.url).pathname);
  if (!file) return refuse(404);
  const headers = { ...SECURITY_HEADERS, 'Content-Type': file.type, 'Cache-Control': file.caching };
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(file.body), { headers });
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS });
}
