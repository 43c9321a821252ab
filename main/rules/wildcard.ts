import { RE2JS } from 're2js';

/** Python's `fnmatch`: the whole text against `*`, `?`, `[seq]` and `[!seq]`; a bracket that is never closed is itself. */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const source = pattern.replace(TOKEN, (token, sequence) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return sequence === undefined ? RE2JS.quote(token) : classOf(sequence);
  });
  const regex = RE2JS.compile(source, RE2JS.DOTALL);
  return (text) => regex.testExact(text);
}

/** A `]` right at the start of a sequence belongs to it. */
const TOKEN = /\*|\?|\[((?:!|(?!!))(?:\][^\]]*|[^\]]+))\]|[\s\S]/gu;

function classOf(sequence: string): string {
  const negated = sequence.startsWith('!');
  const chars = [...(negated ? sequence.slice(1) : sequence)];
  const members: string[] = [];
  for (let index = 0; index < chars.length; index += 1) {
    const from = codePoint(chars[index]);
    const isRange = chars[index + 1] === '-' && index + 2 < chars.length;
    const to = isRange ? codePoint(chars[index + 2]) : from;
    if (isRange) index += 2;
    // A range that runs backwards holds nothing.
    if (from <= to) members.push(`\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`);
  }
  if (members.length === 0) return negated ? '.' : '[^\\x{0}-\\x{10ffff}]';
  return `[${negated ? '^' : ''}${members.join('')}]`;
}

function codePoint(char: string | undefined): number {
  return char?.codePointAt(0) ?? 0;
}
