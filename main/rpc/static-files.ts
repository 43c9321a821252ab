import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';

/**
 * What the window may load: its own files and its own connection, nothing else (ELECTRON's security checklist, point 7).
 * Inline styles are for Mantine and CodeMirror; `'self'` covers the WebSocket of the same origin.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

/**
 * The file that a URL's path names. Any other path outside `assets/` is the address of a page, and pages are all drawn by
 * `index.html`. Undefined when there is nothing to give.
 */
export async function findFile(folder: string, urlPath: string): Promise<StaticFile | undefined> {
  const name = safeRelativePath(urlPath);
  if (name === undefined) return undefined;
  const isAsset = name.startsWith(`assets${path.sep}`);
  return (
    (await readTyped(folder, name, isAsset ? HASHED_NAME : ALWAYS_ASK)) ??
    (isAsset ? undefined : readTyped(folder, 'index.html', ALWAYS_ASK))
  );
}

async function readTyped(folder: string, name: string, caching: string): Promise<StaticFile | undefined> {
  const type = CONTENT_TYPES[path.extname(name)];
  if (!type) return undefined;
  try {
    return { body: await readFile(path.join(folder, name)), type, caching };
  } catch {
    return undefined;
  }
}

export function sendFile(response: ServerResponse, file: StaticFile, withBody: boolean): void {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Content-Type': file.type,
    'Content-Length': file.body.length,
    'Cache-Control': file.caching,
  });
  response.end(withBody ? file.body : undefined);
}

export type StaticFile = { readonly body: Buffer; readonly type: string; readonly caching: string };

/** The bundler puts a content hash into the names below `assets/`, so such a file never changes. */
const HASHED_NAME = 'public, max-age=31536000, immutable';
const ALWAYS_ASK = 'no-cache';

/** The path inside the folder, with the platform's separators; undefined for one that would lead anywhere else. */
function safeRelativePath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  // A backslash or a colon means something on Windows; a dot file is none of ours.
  if (/[\\:\0]/.test(decoded)) return undefined;
  const segments = decoded.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.startsWith('.')) ? undefined : segments.join(path.sep);
}
