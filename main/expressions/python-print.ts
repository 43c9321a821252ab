import type { Json } from '../contract/json.ts';

/** What Python's `str()` gives. Undefined where that depends on the interpreter (see `quoted`) or is nested too deep. */
export function pythonText(value: Json): string | undefined {
  return typeof value === 'string' ? value : representation(value, 0);
}

/** What Python's `json.dumps()` gives. */
export function pythonJson(value: Json): string | undefined {
  return jsonText(value, 0);
}

/** Python's own recursion limit is not far beyond. */
const MAX_DEPTH = 100;

function representation(value: Json, depth: number): string | undefined {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return quoted(value);
  return container(value, depth, representation);
}

function jsonText(value: Json, depth: number): string | undefined {
  if (typeof value === 'number') return jsonNumber(value);
  if (typeof value === 'string') return asciiJson(value);
  if (value === null || typeof value === 'boolean') return String(value);
  return container(value, depth, jsonText);
}

type Print = (value: Json, depth: number) => string | undefined;

/** Lists and maps look the same in both. */
function container(value: Json[] | { [key: string]: Json }, depth: number, print: Print): string | undefined {
  if (depth >= MAX_DEPTH) return undefined;
  const parts: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    const printed = print(item, depth + 1);
    const name = Array.isArray(value) ? '' : print(key, depth + 1);
    if (printed === undefined || name === undefined) return undefined;
    parts.push(Array.isArray(value) ? printed : `${name}: ${printed}`);
  }
  return Array.isArray(value) ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

/** A number without a fraction is an int, as it is after a trip through JSON. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '0';
  const size = Math.abs(value);
  // Python writes exponents below 1e-4 and with two digits at least; JavaScript below 1e-6.
  const text = size !== 0 && size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function jsonNumber(value: number): string {
  return pythonNumber(value).replace('inf', 'Infinity').replace('nan', 'NaN');
}

function asciiJson(value: string): string {
  return JSON.stringify(value).replace(NOT_ASCII, (char) => `\\u${hex(char, 4)}`);
}
const NOT_ASCII = /[\u007f-\uffff]/g;

/**
 * Python's `repr()` of a string. Which of the characters past Latin count as printable changes with Python's version of
 * Unicode, so text with those is left to the interpreter.
 */
function quoted(value: string): string | undefined {
  if (PAST_LATIN.test(value)) return undefined;
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replace(ESCAPED, (char) => {
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    return SHORT_ESCAPES[char] ?? `\\x${hex(char, 2)}`;
  });
  return `${quote}${escaped}${quote}`;
}
const PAST_LATIN = /[\u0250-\uffff]/;
// Quotes, the backslash, control characters, the no-break space and the soft hyphen.
const ESCAPED = /['"\\\p{Cc}\u00a0\u00ad]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function hex(char: string, width: number): string {
  return char.charCodeAt(0).toString(16).padStart(width, '0');
}
