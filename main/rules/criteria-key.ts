import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';

/**
 * A criterion's key, for example `trigger.body["a-b"][0].c`: the part of JSONPath (as jsonpath-rw reads it) that rules
 * use. What comes after `#` only tells two criteria on one field apart.
 */
export type CriteriaKey = (root: JsonObject) => Json;

type Step = (value: Json) => Json[];

/** The first match, null where there is none. Throws for a key that cannot be read, and when one is followed into a value it does not fit. */
export function compileCriteriaKey(key: string): CriteriaKey {
  const steps = parseSteps(key.split('#', 1)[0] ?? '');
  return (root) => firstMatch(steps, 0, root) ?? null;
}

/** The key of the datastore that `system.a.b` names. */
export function datastoreKeyOf(key: string): string | undefined {
  return /^\s*(?:\$\.)?system\.([^\s#]+)\s*(?:#.*)?$/.exec(key)?.[1];
}

function firstMatch(steps: readonly Step[], index: number, value: Json): Json | undefined {
  const step = steps[index];
  if (!step) return value;
  for (const child of step(value)) {
    const found = firstMatch(steps, index + 1, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;
const NAME = '[a-zA-Z_@][a-zA-Z0-9_@-]*';
const STEP = new RegExp(
  String.raw`\s*(?:(?<dot>\.)\s*)?(?:(?<root>\$)|(?<any>\*)|(?<name>${NAME}|${QUOTED})|` +
    String.raw`\[\s*(?:(?<index>-?\d+)|(?<all>\*)|(?<from>-?\d*)\s*:\s*(?<to>-?\d*)|(?<field>${NAME}|${QUOTED}))\s*\])\s*`,
  'y',
);

function parseSteps(key: string): Step[] {
  const steps: Step[] = [];
  const sticky = new RegExp(STEP);
  while (sticky.lastIndex < key.length || steps.length === 0) {
    const position = sticky.lastIndex;
    const { dot, ...parts } = sticky.exec(key)?.groups ?? {};
    const step = stepOf(parts);
    const isBracket = key.slice(position).trimStart().startsWith('[');
    if (!step || (dot === undefined) !== (steps.length === 0 || isBracket)) throw unreadable(key, position);
    steps.push(step);
  }
  return steps;
}

function stepOf({
  root,
  any,
  name,
  index,
  all,
  from,
  to,
  field,
}: Record<string, string | undefined>): Step | undefined {
  if (root !== undefined) return (value) => [value];
  if (any !== undefined) return (value) => (isJsonObject(value) ? Object.values(value) : []);
  if (all !== undefined) return (value) => sequence(value);
  if (index !== undefined) return (value) => itemAt(value, Number(index));
  if (from !== undefined) return (value) => sequence(value).slice(bound(from), bound(to));
  const written = name ?? field;
  return written === undefined ? undefined : fieldOf(unquoted(written));
}

function fieldOf(name: string): Step {
  return (value) => (isJsonObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : []);
}

/** As upstream: past the end there is nothing, but before the start, and in what is no list, it is an error. */
function itemAt(value: Json, index: number): Json[] {
  if (!value || (Array.isArray(value) && value.length === 0) || (isJsonObject(value) && !Object.keys(value).length))
    return [];
  if (!Array.isArray(value) && typeof value !== 'string') throw new TypeError(`\`[${index}]\` needs a list`);
  const items = Array.isArray(value) ? value : [...value];
  const item = items.at(index);
  if (item === undefined && index < 0) throw new RangeError(`\`[${index}]\` is before the start of the list`);
  return index >= items.length || item === undefined ? [] : [item];
}

/** What is no list is taken as a list of itself. */
function sequence(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (value === null) throw new TypeError('`[*]` needs a list, got null');
  return [value];
}

function bound(digits: string | undefined): number | undefined {
  return digits ? Number(digits) : undefined;
}

function unquoted(name: string): string {
  return /^["']/.test(name) ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name;
}

function unreadable(key: string, position: number): Error {
  const rest = key.slice(position) || key;
  const hint = /^\.?\d/.test(rest.trimStart()) ? '; a name that starts with a digit is written `["2fa"]`' : '';
  return new Error(`the key \`${key}\` cannot be read at \`${rest}\`${hint}`);
}
