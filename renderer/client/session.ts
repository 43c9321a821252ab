/** The token of an address that Stormlet printed: `http://127.0.0.1:PORT/#token=…`. */
export function tokenIn(hash: string): string | undefined {
  return /^#token=([^&]+)$/.exec(hash)?.[1];
}

/**
 * Trades the token for an HttpOnly cookie and takes it out of the address, so that it stays in neither history nor a
 * copied link. False: the token is not (or no longer) good.
 */
export async function openSession(page: Window, token: string): Promise<boolean> {
  const answer = await page.fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: decodeURIComponent(token) }),
  });
  page.history.replaceState(null, '', `${page.location.pathname}#/`);
  return answer.ok;
}
