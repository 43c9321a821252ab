export type FaultFacts = {
  readonly error: unknown;
  readonly version: string;
  readonly platform: string;
  /** Of Electron and what it is made of. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly at: string;
};

const NAMED = ['electron', 'chrome', 'node'];

/** What a person may send to the authors: what happened and in which versions, and nothing that is theirs alone. */
export function faultReport({ error, version, platform, versions, home, at }: FaultFacts): string {
  const known = NAMED.flatMap((name) => (versions[name] === undefined ? [] : [`${name} ${versions[name]}`]));
  const lines = [`Stormlet ${version} on ${platform}`, known.join(', '), at, '', ...causes(error)];
  return withoutSecrets(lines.join('\n'), home);
}

/** An error with what caused it, to the last. */
function causes(error: unknown): string[] {
  const lines: string[] = [];
  let cause = error;
  for (let depth = 0; cause !== undefined && depth < 5; depth += 1) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    lines.push(depth === 0 ? text : `Caused by: ${text}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}

const MASK = '********';

/** Errors of programs and libraries quote what they were given: addresses with passwords, headers, keys. */
export function withoutSecrets(text: string, home: string): string {
  return (
    text
      .replaceAll(home === '' ? '\0' : home, '~')
      .replace(/(\w+:\/\/)[^\s/@]+@/g, `$1${MASK}@`)
      .replace(/\b(bearer|basic)\s+[\w+/=._~-]{6,}/gi, `$1 ${MASK}`)
      .replace(
        /((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|credential|cookie)\w*["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&)}\]]+)/gi,
        `$1${MASK}`,
      )
      // What is as long and as random as a key.
      .replace(/(?<![\w/.-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{32,}(?![\w/.-])/g, MASK)
  );
}
