import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { StormletError } from '../../contract/errors.ts';

/** StackStorm's short form `owner/repo` means this host. */
const SHORT_FORM_HOST = 'https://github.com';
const TRANSPORTS: readonly string[] = ['https:', 'http:', 'ssh:', 'file:'];

/** The address of a git repository, with the `=ref` that may follow it; undefined for what does not look like one. */
export function gitUrlOf(asked: string): { readonly url: string; readonly ref?: string | undefined } | undefined {
  if (!looksLikeAddress(asked)) return undefined;
  const { before, ref } = splitRef(asked);
  const url = checkGitUrl(SHORT_FORM.test(before) ? `${SHORT_FORM_HOST}/${before}` : before);
  return ref === undefined ? { url } : { url, ref };
}

const SHORT_FORM = /^[A-Za-z0-9][\w-]*\/[\w.-]+$/;

function looksLikeAddress(asked: string): boolean {
  const { before } = splitRef(asked);
  return SHORT_FORM.test(before) || before.startsWith('-') || /^[\w+.-]*:/.test(before) || /^[\w.-]+@/.test(before);
}

/** `address=ref`. The last `=` counts, since an address may hold one. */
export function splitRef(asked: string): { readonly before: string; readonly ref: string | undefined } {
  const at = asked.lastIndexOf('=');
  if (at < 1) return { before: asked, ref: undefined };
  return { before: asked.slice(0, at), ref: checkRef(asked.slice(at + 1), asked.slice(0, at)) };
}

/** What git itself allows in the name of a branch or a tag, and never an option. */
function checkRef(ref: string, address: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be in it.
  if (/^[^-/.]/.test(ref) && !/\.\.|[\u0000-\u0020~^:?*[\\\u007f]|@\{|\.lock$|\/$/.test(ref)) return ref;
  throw new StormletError({
    code: 'pack/ref-unknown',
    kind: 'user',
    message: `\`${ref}\` is no name of a version, branch, tag or commit`,
    hint: `write \`${withoutPassword(address)}=v1.0.0\`, or leave \`=…\` out for the newest`,
  });
}

/** The address as git gets it. A helper (`ext::…`) would run a command of its choice, and an option is no address. */
export function checkGitUrl(address: string): string {
  if (path.isAbsolute(address)) return pathToFileURL(address).href;
  if (/^[\w.-]+@[\w.-]+:[^:-]/.test(address)) return address;
  const url = address.startsWith('-') || /^[\w+.-]*::/.test(address) ? null : URL.parse(address);
  if (!url || !TRANSPORTS.includes(url.protocol) || url.hostname.startsWith('-')) throw refused(address);
  return address;
}

function refused(address: string): StormletError {
  return new StormletError({
    code: 'git/address-refused',
    kind: 'user',
    message: `\`${withoutPassword(address)}\` is no address of a git repository that can be used`,
    hint: 'write `https://host/owner/repo.git`, `ssh://git@host/owner/repo.git`, `git@host:owner/repo.git` or `owner/repo`',
  });
}

/** For messages and records: the name and password that an address may hold are nobody's business. */
export function withoutPassword(address: string): string {
  return address.replace(/^([a-z][\w+.-]*:\/\/)[^/@]*@/i, (whole, scheme: string) => {
    // `ssh://git@host` needs its user, which is no secret.
    return /^ssh/i.test(scheme) ? whole.replace(/:[^/@]*@/, '@') : scheme;
  });
}
