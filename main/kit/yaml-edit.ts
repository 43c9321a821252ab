import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { sameJson } from '../contract/check-parameters.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import { toYaml, YAML_OPTIONS } from './yaml-file.ts';

/**
 * The text of a YAML map with its data made `wanted`. Comments, layout and every line that says the same as before are their
 * author's and stay; only what no line can be changed for is written anew.
 */
export function editYaml(text: string, wanted: JsonObject): string {
  const before = dataOf(text);
  if (!isJsonObject(before)) return Object.keys(wanted).length === 0 ? text : withNewline(text) + toYaml(wanted);
  const changes = changesBetween(before, wanted, []);
  const inPlace = changes.reduce((edited, change) => changeLine(edited, change) ?? rewrite(edited, [change]), text);
  // An alias or a merged key can make one line mean two values.
  return [inPlace, rewrite(text, changes), toYaml(wanted)].find((edited) => sameJson(dataOf(edited), wanted)) ?? text;
}

type Path = readonly (string | number)[];
type Change = { readonly path: Path; readonly value: Json | undefined };

/** A list that grew or shrank changes as a whole: which of its items are the same ones is not known. */
function changesBetween(before: Json, wanted: Json, path: Path): Change[] {
  if (sameJson(before, wanted)) return [];
  if (Array.isArray(before) && Array.isArray(wanted) && before.length === wanted.length) {
    return before.flatMap((item, index) => changesBetween(item, wanted[index] ?? null, [...path, index]));
  }
  if (!isJsonObject(before) || !isJsonObject(wanted)) return [{ path, value: wanted }];
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(wanted, key));
  const changed = Object.entries(wanted).flatMap(([key, value]) => {
    const place = [...path, key];
    return Object.hasOwn(before, key) ? changesBetween(before[key] ?? null, value, place) : [{ path: place, value }];
  });
  return [...removed.map((key) => ({ path: [...path, key], value: undefined })), ...changed];
}

/** Undefined where more than whole lines or one value has to change. */
function changeLine(text: string, { path, value }: Change): string | undefined {
  const document = parseDocument(text, YAML_OPTIONS);
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isCollection(parent)) return undefined;
  const node = document.getIn(path, true);
  if (isScalar(node) && value !== undefined && !isCompound(value)) return replaceScalar(text, node, value);
  if (!isMap(parent) || parent.flow || parent.items.length === 0) return undefined;
  const key = String(path.at(-1));
  if (value === undefined) return removeLines(text, parent, key);
  return parent.has(key) ? undefined : addLines(text, parent, key, value);
}

function replaceScalar(text: string, node: Scalar, value: Json): string | undefined {
  const [from, to] = node.range ?? [];
  const isOneLine = node.type === 'PLAIN' || node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  if (from === undefined || to === undefined || !isOneLine || node.anchor || node.tag) return undefined;
  const space = /[\s[{,]$/.test(text.slice(0, from)) ? '' : ' ';
  return text.slice(0, from) + space + written(value) + text.slice(to);
}

/** Plain only what cannot be read as anything else, also within `[…]`. */
function written(value: Json): string {
  const plain = toYaml(value).trimEnd();
  return typeof value !== 'string' || (/^[\w./@-]+$/.test(value) && plain === value) ? plain : JSON.stringify(value);
}

function removeLines(text: string, parent: YAMLMap, key: string): string | undefined {
  const pair = pairOf(parent, key);
  const start = pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
  const lineStart = start === undefined ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  if (!pair || start === undefined || parent.items.length === 1) return undefined;
  return text.slice(lineStart, start).trim() === ''
    ? text.slice(0, lineStart) + text.slice(endOf(text, pair))
    : undefined;
}

function addLines(text: string, parent: YAMLMap, key: string, value: Json): string | undefined {
  const first = parent.items[0]?.key;
  const last = parent.items.at(-1);
  const start = isNode(first) ? first.range?.[0] : undefined;
  if (start === undefined || !last) return undefined;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const lines = toYaml({ [key]: value })
    .trimEnd()
    .split('\n');
  const end = endOf(text, last);
  const added = lines.map((line) => `${indent}${line}\n`).join('');
  return withNewline(text.slice(0, end)) + added + text.slice(end);
}

/** Where the line after a key with its value begins. */
function endOf(text: string, { key, value }: Pair): number {
  const end = lastOffset(value) ?? lastOffset(key) ?? text.length;
  if (text[end - 1] === '\n') return end;
  const newline = text.indexOf('\n', end);
  return newline === -1 ? text.length : newline + 1;
}

function lastOffset(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[1] : undefined;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** Keeps the comments, and brings the layout into one shape. */
function rewrite(text: string, changes: readonly Change[]): string {
  const document: Document<Node> = parseDocument(text, YAML_OPTIONS);
  for (const { path, value } of changes) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

function dataOf(text: string): Json {
  try {
    return parseDocument(text, YAML_OPTIONS).toJS() as Json;
  } catch {
    return null;
  }
}

function isCompound(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
