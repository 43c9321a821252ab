/**
 * Addresses by which any web page may ask for something: `stormlet://install?pack=NAME_OR_SOURCE`. There is one verb, and
 * what it asks for is never done without the person's word.
 */
export type DeepLink = { readonly install: string };

export const DEEP_LINK_SCHEME = 'stormlet';
/** Characters. A longer one could hide its end in the question. */
const LONGEST = 300;

/** Undefined for everything that is not exactly that. */
export function parseDeepLink(text: string): DeepLink | undefined {
  const url = URL.parse(text);
  if (!url || url.protocol !== `${DEEP_LINK_SCHEME}:` || url.host !== 'install') return undefined;
  if (url.username !== '' || url.password !== '' || !['', '/'].includes(url.pathname)) return undefined;
  const given = [...url.searchParams.keys()];
  const pack = url.searchParams.get('pack') ?? '';
  if (given.length !== 1 || !isFetchable(pack)) return undefined;
  return { install: pack };
}

/** The arguments of a second start hold the address somewhere; everything else in them is not looked at. */
export function deepLinkIn(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.startsWith(`${DEEP_LINK_SCHEME}://`));
}

/**
 * A name in a catalogue, `owner/repo`, or an address on the web, each with a version if it likes. No path of this machine:
 * what lies there may have been put there by the page that asks. No password, which does not belong into an address.
 */
function isFetchable(source: string): boolean {
  if (source.length > LONGEST || /[^\x21-\x7e]/.test(source)) return false;
  if (/^([a-z0-9_]+|[A-Za-z0-9][\w-]*\/\w[\w.-]*)(=\w[\w.+/-]*)?$/.test(source)) return true;
  const url = URL.parse(source);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}
