import { readFileSync } from 'node:fs';
import path from 'node:path';

export const README = readFileSync(path.resolve('README.md'), 'utf8');

/** The fenced blocks of the README with this info string (all, without one), and where they begin. */
export function blocksOfReadme(info = ''): { text: string; at: number }[] {
  return [...README.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => info === '' || match[1] === info)
    .map((match) => ({ text: match[2] ?? '', at: match.index }));
}
