import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import { pythonText } from './python-print.ts';
import type { Done, Scope, Step } from './workflow-evaluator.ts';

/** A text of a workflow that needs no Python: `<% ctx(x).a %>`, `{{ succeeded() }}` and the like, alone or within other text. */
type PlainText = { readonly parts: readonly (string | Reading)[]; readonly language: Language | undefined };
type Reading = { readonly source: Source; readonly name: string | undefined; readonly steps: readonly string[] };
type Source = 'ctx' | 'result' | 'item' | 'succeeded' | 'failed' | 'completed';
type Language = 'yaql' | 'jinja';

const MAX_PARSED = 5000;
const COMPLETED = ['succeeded', 'failed', 'timeout', 'abandoned', 'canceled'];

/** Answers what it is sure of, exactly as Python would; everything else is undefined and goes to the service. */
export class PlainEvaluator {
  readonly #parsed = new Map<string, PlainText | null>();

  step(step: Step, scope: Scope): Done | undefined {
    const holds = step.when === undefined ? NOTHING : this.#value(step.when, step, scope, scope.variables);
    if (holds === undefined) return undefined;
    const held = step.when === undefined ? undefined : isTruthy(holds as Json);
    if (held === false) return { held, assigned: [], errors: [] };
    const assigned: [string, Json][] = [];
    let variables = scope.variables;
    for (const [name, text] of step.assign ?? []) {
      const value = this.#value(text, step, scope, variables);
      if (value === undefined) return undefined;
      assigned.push([name, value]);
      variables = { ...variables, [name]: value };
    }
    const value = step.value === undefined ? undefined : this.#value(step.value, step, scope, variables);
    if (step.value !== undefined && value === undefined) return undefined;
    return { assigned, errors: [], ...(held && { held }), ...(value !== undefined && { value }) };
  }

  /** Whether a text cannot be wrong, so that nobody needs to look at its syntax. */
  isPlain(text: string): boolean {
    return this.#parse(text) !== null;
  }

  #value(value: Json, step: Step, scope: Scope, variables: JsonObject): Json | undefined {
    if (typeof value === 'string') return this.#text(value, step, scope, variables);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#value(item, step, scope, variables));
      return items.includes(undefined) ? undefined : (items as Json[]);
    }
    const object: JsonObject = {};
    for (const [key, one] of Object.entries(value)) {
      const evaluated = hasExpression(key) ? undefined : this.#value(one, step, scope, variables);
      if (evaluated === undefined) return undefined;
      object[key] = evaluated;
    }
    return object;
  }

  #text(text: string, step: Step, scope: Scope, variables: JsonObject): Json | undefined {
    const plain = this.#parse(text);
    if (!plain) return undefined;
    const values: (Json | undefined)[] = plain.parts.map((part) => {
      if (typeof part === 'string') return part;
      const value = read(part, plain.language, step, scope, variables);
      // What comes out of an expression is evaluated again where it is a text with expressions.
      return typeof value === 'string' && hasExpression(value) ? undefined : value;
    });
    if (values.includes(undefined)) return undefined;
    const [first] = values as Json[];
    if (values.length === 1 && first !== undefined) return first;
    const texts = (values as Json[]).map(pythonText);
    return texts.includes(undefined) ? undefined : texts.join('');
  }

  #parse(text: string): PlainText | null {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const parsed = parse(text) ?? null;
    if (this.#parsed.size >= MAX_PARSED) this.#parsed.clear();
    this.#parsed.set(text, parsed);
    return parsed;
  }
}

/** Stands for a `when` that is not there. */
const NOTHING = Symbol('nothing');

/** As Python's `bool()` sees it. */
export function isTruthy(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

export function hasExpression(text: string): boolean {
  return text.includes('<%') || text.includes('{{') || text.includes('{%');
}

const READING =
  /(?:ctx\((?:([A-Za-z_]\w*)|'([\w-]+)'|"([\w-]+)")?\)|(result|succeeded|failed|completed)\(\)|item\((?:([A-Za-z_]\w*)|'([\w-]+)'|"([\w-]+)")?\))((?:\.[A-Za-z_]\w*)*)/
    .source;
const EXPRESSIONS = {
  yaql: new RegExp(`<%(?:[ \\t]*${READING}[ \\t]*%>)?`, 'g'),
  jinja: new RegExp(`\\{\\{(?:[ \\t]*${READING}[ \\t]*\\}\\})?`, 'g'),
};
/** Words of the languages' own, and what is a dictionary's method in Jinja. */
const RESERVED = new Set(
  'and or not in is true false null none True False None mod matches clear copy fromkeys get items keys pop popitem setdefault update values'.split(
    ' ',
  ),
);

function parse(text: string): PlainText | undefined {
  if (!hasExpression(text)) return { parts: [text], language: undefined };
  const language = text.includes('<%') ? 'yaql' : 'jinja';
  if (text.includes('{%') || (language === 'yaql' && text.includes('{{'))) return undefined;
  const parts: (string | Reading)[] = [];
  let position = 0;
  for (const match of text.matchAll(EXPRESSIONS[language])) {
    const reading = readingOf(match, language);
    if (!reading) return undefined;
    if (match.index > position) parts.push(text.slice(position, match.index));
    parts.push(reading);
    position = match.index + match[0].length;
  }
  if (position < text.length) parts.push(text.slice(position));
  return { parts, language };
}

function readingOf(match: RegExpExecArray, language: Language): Reading | undefined {
  const [whole, ctxWord, ctxSingle, ctxDouble, source, itemWord, itemSingle, itemDouble, path] = match;
  if (path === undefined) return undefined;
  // A bare word is a text in YAQL and a variable in Jinja.
  const word = ctxWord ?? itemWord;
  const name = word ?? ctxSingle ?? ctxDouble ?? itemSingle ?? itemDouble;
  const steps = path.split('.').slice(1);
  const isOdd = (part: string) => RESERVED.has(part) || part.startsWith('__');
  if ((word !== undefined && (language === 'jinja' || isOdd(word))) || name?.startsWith('__') || steps.some(isOdd)) {
    return undefined;
  }
  const fallback = /^\W*ctx/.test(whole) ? 'ctx' : 'item';
  return { source: (source as Source | undefined) ?? fallback, name, steps };
}

function read(
  reading: Reading,
  language: Language | undefined,
  step: Step,
  scope: Scope,
  variables: JsonObject,
): Json | undefined {
  const { source, name, steps } = reading;
  const names = name === undefined ? steps : [name, ...steps];
  if (source === 'ctx')
    return follow(language === 'yaql' || names.length > 0 ? visible(variables, names) : undefined, names);
  if (source === 'item') return follow(step.item, names);
  if (!scope.task) return undefined;
  if (source === 'result') return follow(scope.result, names);
  if (names.length > 0) return undefined;
  const { status } = scope.task;
  return source === 'completed' ? COMPLETED.includes(status) : status === source;
}

/** A variable that begins with two underscores is the engine's own. */
function visible(variables: JsonObject, names: readonly string[]): JsonObject {
  if (names.length > 0) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('__')));
}

function follow(start: Json | undefined, names: readonly string[]): Json | undefined {
  let value = start;
  for (const name of names) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
