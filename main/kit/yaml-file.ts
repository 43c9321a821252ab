import { readFile } from 'node:fs/promises';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  stringify,
} from 'yaml';
import type { Checked, Problem } from '../contract/errors.ts';

/** What leads to a node: keys and indexes, from the top. */
export type NodePath = readonly PropertyKey[];

/** A parsed YAML or JSON file that still knows on which line each of its values stands. */
export type DataFile = {
  readonly file: string;
  readonly value: unknown;
  /** Line of the key or item at `path`, or of the nearest one above it that exists. Counts from 1. */
  lineOf(path: NodePath): number;
};

/**
 * Measured against PyYAML on 4,781 files of StackStorm packs: version 1.2 with merge keys agrees, 1.1 does not (a parameter
 * named `y` becomes `true`), and one real file repeats a key.
 */
export const YAML_OPTIONS = {
  version: '1.2',
  merge: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

export async function readDataFile(file: string): Promise<Checked<DataFile>> {
  try {
    return parseDataFile(file, await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [{ severity: 'error', code: 'file/unreadable', message: `cannot be read: ${reason}`, file }] };
  }
}

/** JSON is read as the YAML it is, so that it too has lines. */
export function parseDataFile(file: string, text: string): Checked<DataFile> {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines });
  const problems = document.errors.map(
    (error): Problem => ({
      severity: 'error',
      code: 'file/not-yaml',
      message: `not valid YAML: ${error.message}`,
      file,
      line: lines.linePos(error.pos[0]).line,
    }),
  );
  if (problems.length > 0) return { problems };
  try {
    const value: unknown = document.toJS();
    return { value: { file, value, lineOf: (path) => lineOf(document, lines, path) }, problems };
  } catch (error) {
    // Aliases that multiply without end, or that point nowhere.
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [{ severity: 'error', code: 'file/not-yaml', message: `not valid YAML: ${reason}`, file }] };
  }
}

/** A value as a YAML document. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/**
 * The text with one top-level key set to a plain value, and not another character changed: comments and layout are their
 * author's. The text must be a valid YAML map.
 */
export function setInYaml(text: string, key: string, value: string | number | boolean): string {
  const { contents } = parseDocument(text, YAML_OPTIONS);
  const written = JSON.stringify(value);
  const entries = isMap(contents) ? contents.items : [];
  const pair = entries.findLast((entry) => isScalar(entry.key) && entry.key.value === key);
  const [from, to] = (isNode(pair?.value) ? pair.value.range : undefined) ?? [];
  if (from !== undefined && to !== undefined) {
    const space = /\s$/.test(text.slice(0, from)) ? '' : ' ';
    return text.slice(0, from) + space + written + text.slice(to);
  }
  // A new key goes in front of the first one, below the comment that heads the file.
  const first = entries[0]?.key;
  const start = (isNode(first) ? first.range?.[0] : undefined) ?? text.length;
  const isFlow = isMap(contents) && contents.flow === true;
  const line = isFlow ? `${JSON.stringify(key)}: ${written}, ` : `${key}: ${written}\n`;
  return text.slice(0, start) + line + text.slice(start);
}

function lineOf(document: Document, lines: LineCounter, path: NodePath): number {
  let node = resolve(document, document.contents);
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    const step = child(document, node, part);
    if (!step) break;
    offset = step.offset;
    node = step.node;
  }
  return lines.linePos(offset).line;
}

function child(document: Document, node: Node | undefined, part: PropertyKey): Step | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return isNode(item) ? { offset: item.range?.[0] ?? 0, node: resolve(document, item) } : undefined;
  }
  if (!isMap(node)) return undefined;
  // A repeated key counts with its last value, as in `value`.
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part));
  if (!pair || !isNode(pair.key)) return undefined;
  return { offset: pair.key.range?.[0] ?? 0, node: isNode(pair.value) ? resolve(document, pair.value) : undefined };
}
type Step = { readonly offset: number; readonly node: Node | undefined };

function resolve(document: Document, node: Node | null): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}
