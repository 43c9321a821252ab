import { stripVTControlCharacters, styleText } from 'node:util';

/**
 * Columns as wide as their widest cell, two spaces between. The last one runs free, to the edge of a terminal. `empty`
 * stands for no rows at all.
 */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const lines = [heads.map((head) => bold(head)), ...rows];
  const widths = heads.map((_head, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, column) => sum + column + 2, 0);
  const room = process.stdout.isTTY ? Math.max(process.stdout.columns - before, 10) : Number.POSITIVE_INFINITY;
  return lines
    .map((line) => {
      const last = line.at(-1) ?? '';
      const cells = line.slice(0, -1).map((cell, column) => cell + pad(cell, widths[column] ?? 0));
      return [...cells, width(last) > room ? `${last.slice(0, room - 1)}…` : last].join('  ').trimEnd();
    })
    .join('\n');
}

/** `name: value` lines, the values aligned; what is undefined is left out. */
export function fields(entries: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== undefined);
  const longest = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${bold(`${name}:`)}${' '.repeat(longest - name.length)} ${value}`).join('\n');
}

const GOOD = new Set(['ready', 'active', 'running', 'succeeded', 'ok', 'done', 'processed', 'matched']);
const BAD = new Set(['broken', 'failed', 'timeout', 'given-up', 'abandoned', 'refused', 'processing_failed']);

/** A state in its colour, readable without one. */
export function state(name: string): string {
  if (GOOD.has(name)) return styleText('green', name, { stream: process.stdout });
  return BAD.has(name) ? styleText('red', name, { stream: process.stdout }) : name;
}

/** `1.2 s` or `350 ms` between two instants of the contract. */
export function duration(from: string | undefined, to: string | undefined): string {
  if (!from || !to) return '';
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `2026-01-02 03:04:05` in the machine's time zone. */
export function localTime(instant: string | undefined): string {
  if (!instant) return '';
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, wanted: number): string {
  return ' '.repeat(Math.max(0, wanted - width(text)));
}
