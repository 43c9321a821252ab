import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../contract/rpc-table.ts';
import { isLoopbackHost, isOwnOrigin } from '../kit/loopback-request.ts';

/**
 * Who may use the loopback endpoint. Any process of the machine and any web page in the person's browser can reach a
 * loopback port, so: the `Host` must be ours (a rebound DNS name is not), a browser's `Origin` must be ours, and every call
 * needs the token, or the cookie that was made from it.
 */
export class Access {
  readonly #port: number;
  readonly #token: string;

  constructor(options: { readonly port: number; readonly token: string }) {
    this.#port = options.port;
    this.#token = options.token;
  }

  isOurHost(request: IncomingMessage): boolean {
    return isLoopbackHost(request, this.#port);
  }

  isOurOrigin(request: IncomingMessage): boolean {
    return isOwnOrigin(request);
  }

  isToken(given: string): boolean {
    return sameText(given, this.#token);
  }

  /** Programs bring the token, pages the cookie. A cookie counts only from a page of ours, so it needs the `Origin`. */
  callerOf(request: IncomingMessage): Caller | undefined {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.isToken(bearer) ? { source: 'cli' } : undefined;
    return request.headers.origin !== undefined && this.hasCookie(request) ? { source: 'window' } : undefined;
  }

  hasCookie(request: IncomingMessage): boolean {
    const prefix = `${this.#cookieName()}=`;
    const cookies = (request.headers.cookie ?? '').split(/; */).filter((cookie) => cookie.startsWith(prefix));
    return cookies.some((cookie) => sameText(cookie.slice(prefix.length), this.#cookieValue()));
  }

  /** Limited to the path that needs it: browsers send a cookie to every port of its host. */
  cookie(): string {
    return `${this.#cookieName()}=${this.#cookieValue()}; HttpOnly; SameSite=Strict; Path=/rpc`;
  }

  /** Named by the port, so that two instances in one browser do not overwrite each other's. */
  #cookieName(): string {
    return `stormlet_${this.#port}`;
  }

  /** Derived, so that whoever gets hold of the cookie does not hold the token. */
  #cookieValue(): string {
    return createHmac('sha256', this.#token).update('cookie').digest('base64url');
  }
}

/** In constant time for any lengths, by comparing digests. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
