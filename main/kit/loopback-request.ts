import type { IncomingMessage } from 'node:http';

/**
 * Any web page in the person's browser can reach a loopback port, by its number or by a name of its own that it lets point
 * there: so the `Host` must be ours, and a browser's `Origin` must be.
 */

/** False for a request that reached us under a name which is not the loopback's own. */
export function isLoopbackHost(request: IncomingMessage, port: number): boolean {
  return ['127.0.0.1', 'localhost'].some((name) => request.headers.host === `${name}:${port}`);
}

/** False for a request that a page of another origin made. Programs send no `Origin`. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const origin = request.headers.origin;
  return origin === undefined || origin === `http://${request.headers.host}`;
}
