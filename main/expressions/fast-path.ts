import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { DatastoreReader, DatastoreScope } from './datastore-reader.ts';
import { pythonJson, pythonText } from './python-print.ts';

/** Text and paths by turns: all that is answered without Python. */
export type PlainTemplate = readonly (string | PlainExpression)[];
/** `{{ a.b["c"][0] }}`, and the same with `| to_complex`. */
type PlainExpression = { readonly root: string; readonly steps: readonly Step[]; readonly toComplex: boolean };
type Step = { readonly name: string; readonly dotted: boolean } | { readonly index: number };

/** More is left to the service, which refuses it with the error that belongs to it. */
const MAX_TEXT = 1024 * 1024;

/** Undefined for every template that needs Python. */
export function parsePlainTemplate(template: string): PlainTemplate | undefined {
  if (template.includes('{%') || template.includes('{#')) return undefined;
  const source = withoutLastNewline(template);
  const parts: (string | PlainExpression)[] = [];
  let position = 0;
  for (const match of source.matchAll(EXPRESSION)) {
    const expression = parseExpression(match);
    if (!expression) return undefined;
    if (match.index > position) parts.push(source.slice(position, match.index));
    parts.push(expression);
    position = match.index + match[0].length;
  }
  if (position < source.length) parts.push(source.slice(position));
  return parts;
}

/** Undefined where a value is missing, or where only Python itself knows how it prints. */
export function printPlainTemplate(
  template: PlainTemplate,
  context: JsonObject,
  datastore: DatastoreReader,
): string | undefined {
  let text = '';
  for (const part of template) {
    const piece = typeof part === 'string' ? part : printExpression(part, context, datastore);
    if (piece === undefined || text.length + piece.length > MAX_TEXT) return undefined;
    text += piece;
  }
  return text;
}

export function variablesOf(template: PlainTemplate): string[] {
  return [...new Set(template.flatMap((part) => (typeof part === 'string' ? [] : [part.root])))].sort();
}

/** Jinja reads every newline as `\n` and drops one at the end of the template. */
export function withoutLastNewline(template: string): string {
  return template.replace(/\r\n?/g, '\n').replace(/\n$/, '');
}

/** Matches every `{{`; its groups only where the whole expression is a path. */
const EXPRESSION =
  /\{\{(?:[ \t\n]*([A-Za-z_][A-Za-z0-9_]*)((?:\.[A-Za-z_][A-Za-z0-9_]*|\["[^"\\\n]*"\]|\['[^'\\\n]*'\]|\[\d{1,9}\])*)[ \t\n]*(\|[ \t\n]*to_complex[ \t\n]*)?\}\})?/g;
const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\["([^"]*)"\]|\['([^']*)'\]|\[(\d+)\]/g;

/** Words of Jinja's own, and the names that it binds itself. */
const RESERVED = new Set(
  'and as block call cycler dict else False false if import in is joiner lipsum namespace None none not or range self True true'.split(
    ' ',
  ),
);

function parseExpression([, root, path = '', filter]: RegExpExecArray): PlainExpression | undefined {
  if (root === undefined || RESERVED.has(root)) return undefined;
  const steps = [...path.matchAll(STEP)].map(([, dotted, double, single, index]): Step => {
    if (index !== undefined) return { index: Number(index) };
    return dotted === undefined ? { name: double ?? single ?? '', dotted: false } : { name: dotted, dotted: true };
  });
  return { root, steps, toComplex: filter !== undefined };
}

function printExpression(
  expression: PlainExpression,
  context: JsonObject,
  datastore: DatastoreReader,
): string | undefined {
  const value = Object.hasOwn(context, expression.root)
    ? follow(context[expression.root], expression.steps)
    : readKey(expression, datastore);
  if (value === undefined) return undefined;
  return expression.toComplex ? pythonJson(value) : pythonText(value);
}

function follow(start: Json | undefined, steps: readonly Step[]): Json | undefined {
  let value = start;
  for (const step of steps) {
    if ('index' in step) value = Array.isArray(value) ? value[step.index] : undefined;
    else if (!isJsonObject(value) || (step.dotted && isDictAttribute(step.name))) return undefined;
    else value = Object.hasOwn(value, step.name) ? value[step.name] : undefined;
  }
  return value;
}

/** After a dot Jinja tries the object's attribute first, so `trigger.items` is a method and not a key. */
function isDictAttribute(name: string): boolean {
  return name.startsWith('__') || DICT_METHODS.has(name);
}
const DICT_METHODS = new Set('clear copy fromkeys get items keys pop popitem setdefault update values'.split(' '));

/** `st2kv.system.a.b` is the key `a.b`; a key that is not there reads as the empty string. */
function readKey({ root, steps }: PlainExpression, datastore: DatastoreReader): string | undefined {
  const names = steps.map((step) => ('index' in step ? String(step.index) : step.name));
  const scope = root === 'st2kv' ? names.shift() : root;
  if (!isScope(scope, root) || names.length === 0 || names.some((name) => name.startsWith('_'))) return undefined;
  return datastore.read(scope, names.join('.')) ?? '';
}

function isScope(scope: string | undefined, root: string): scope is DatastoreScope {
  return scope === 'system' || (scope === 'user' && root === 'st2kv');
}
