import { RE2JS, RE2JSSyntaxException } from 're2js';

export type RegexOptions = { readonly anchored?: boolean; readonly ignoreCase?: boolean; readonly dotAll?: boolean };
/** Whether the text has a match; undefined where only Python can say. */
export type TextTest = (text: string) => boolean | undefined;

/**
 * A pattern of Python's `re`, run on RE2 so that no pattern can hang the engine. What RE2 cannot do or reads differently
 * (look-around, backreferences, Unicode classes on text past ASCII …) is left to Python, under the expressions' time
 * limit. Throws for a pattern that neither can read.
 */
export function compilePythonRegex(pattern: string, options: RegexOptions): TextTest {
  const translated = translate(pattern);
  const regex = translated && compile(translated.source, options);
  if (!regex) return () => undefined;
  const asciiOnly = translated.hasClasses || translated.ignoresCase || options.ignoreCase === true;
  return (text) => (asciiOnly && NOT_PLAIN_ASCII.test(text) ? undefined : regex.test(text));
}

/** `\d \w \s \b` mean the same in both only here. */
const NOT_PLAIN_ASCII = /[^\t\n\f\r -~]/;

function compile(source: string, options: RegexOptions): RE2JS | undefined {
  const flags = (options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (options.dotAll ? RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(options.anchored ? `\\A(?:${source})` : source, flags);
  } catch (error) {
    // Anything else, such as more than 1,000 repetitions, is a limit of RE2 alone.
    const description = error instanceof RE2JSSyntaxException ? error.getDescription() : '';
    if (!/^(missing|unexpected|invalid character class range)/.test(description)) return undefined;
    throw new Error(`\`${source}\` is no regular expression: ${description}`);
  }
}

type Translated = { readonly source: string; readonly hasClasses: boolean; readonly ignoresCase: boolean };

/** Undefined at the first thing that does not mean the same in both. */
function translate(pattern: string): Translated | undefined {
  let source = '';
  let flags = '';
  let hasClasses = false;
  let depth = 0;
  for (let position = 0; position < pattern.length; ) {
    const { token, inline, scoped } = tokenAt(pattern, position);
    if (token === '' || (inline !== undefined && position > 0)) return undefined;
    position += token.length;
    if (ASSERTION.test(token) && /[*+?{]/.test(pattern[position] ?? '')) return undefined;
    flags += (inline ?? '') + (scoped ?? '');
    hasClasses ||= /\\[bdDsSwW]/.test(token);
    if (inline === undefined && token.startsWith('(')) depth += 1;
    if (token === ')') depth -= 1;
    if (depth < 0) throw new Error(`\`${pattern}\` is no regular expression: unexpected )`);
    if (token === '$' && !flags.includes('m')) {
      if (!endsPattern(pattern.slice(position), depth)) return undefined;
      source += '(?:\\n?\\z)';
    } else source += token === '\\Z' ? '\\z' : token;
  }
  return { source, hasClasses, ignoresCase: flags.includes('i') };
}

/** RE2 takes a repeated one for nothing, Python refuses it. */
const ASSERTION = /^(?:[$^]|\\[AZb])$/;

/** The next token that both read alike, empty if there is none; the letters of `(?i)`; those of `(?i:`. */
function tokenAt(pattern: string, position: number): { token: string; inline?: string; scoped?: string } {
  const sticky = new RegExp(TOKEN);
  sticky.lastIndex = position;
  const match = sticky.exec(pattern);
  return { token: match?.[0] ?? '', ...match?.groups };
}

const ESCAPE = String.raw`\\(?:[dDsSwWafnrtv]|x[\da-fA-F]{2}|[^A-Za-z0-9\u0080-\uffff])`;
const TOKEN = new RegExp(
  [
    ESCAPE,
    String.raw`\\[AZb]`,
    String.raw`\[\^?\]?(?:[^\]\\\[]|\[(?!:)|${ESCAPE})*\]`,
    String.raw`\(\?(?<inline>[ims]+)\)`,
    String.raw`\(\?(?<scoped>[ims]+):`,
    String.raw`\((?:\?:|\?P<\w+>|(?!\?))`,
    String.raw`\{(?!,\d*\})`,
    String.raw`[^\\\[({]`,
  ].join('|'),
  'y',
);

/** Python's `$` also holds before a last newline, which RE2 can only say where nothing follows. */
function endsPattern(rest: string, depth: number): boolean {
  return /^\)*$/.test(rest) || (depth === 0 && rest.startsWith('|'));
}
