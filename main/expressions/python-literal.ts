import type { Json } from '../contract/json.ts';

/**
 * Reads what Python prints for plain values (`ast.literal_eval`), so that `{{ trigger.list }}` comes back as a list.
 * Tuples become lists. Throws an `Error` for the rest, and for what JSON cannot hold: sets, bytes, complex numbers.
 */
export function parsePythonLiteral(text: string): Json {
  const reader = new LiteralReader(text);
  const first = reader.value();
  const value = reader.skip(',') ? [first, ...reader.valuesUntil('')] : first;
  if (!reader.atEnd()) reader.refuse();
  return value;
}

const NAMES: Readonly<Record<string, Json>> = { None: null, True: true, False: false };
const SPACE = /[ \t\f\r\n]*/y;
const NAME = /[A-Za-z_]\w*/y;
const INTEGER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*(?![\d.eE])|[1-9](?:_?\d)*(?![\d.eE_])/y;
const FLOAT =
  /(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.)(?:[eE][-+]?\d(?:_?\d)*)?|\d(?:_?\d)*[eE][-+]?\d(?:_?\d)*/y;
const STRING = /([uU]|[rR]?)('''|"""|'|")/y;

class LiteralReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#take(SPACE);
  }

  atEnd(): boolean {
    return this.#position === this.#text.length;
  }

  refuse(): never {
    const rest = this.#text.slice(this.#position, this.#position + 30);
    throw new Error(rest ? `it is no Python literal at \`${rest}\`` : 'it ends too early for a Python literal');
  }

  skip(sign: string): boolean {
    if (sign === '' || !this.#text.startsWith(sign, this.#position)) return false;
    this.#position += sign.length;
    this.#take(SPACE);
    return true;
  }

  value(): Json {
    if (this.skip('[')) return this.valuesUntil(']');
    if (this.skip('(')) return this.#tuple();
    if (this.skip('{')) return this.#dict();
    const text = this.#strings();
    if (text !== undefined) return text;
    const name = this.#take(NAME);
    if (name !== undefined && Object.hasOwn(NAMES, name)) return this.#then(NAMES[name] ?? null);
    if (name !== undefined) this.#position -= name.length;
    return this.#number();
  }

  /** Values between commas, the last of which may be followed by one; `''` stands for the end of the text. */
  valuesUntil(end: string): Json[] {
    const values: Json[] = [];
    while (end === '' ? !this.atEnd() : !this.skip(end)) {
      values.push(this.value());
      if (this.skip(',')) continue;
      if (end === '' ? !this.atEnd() : !this.skip(end)) this.refuse();
      break;
    }
    return values;
  }

  /** Parentheses make a tuple only with a comma. */
  #tuple(): Json {
    if (this.skip(')')) return [];
    const first = this.value();
    if (this.skip(',')) return [first, ...this.valuesUntil(')')];
    return this.skip(')') ? first : this.refuse();
  }

  #dict(): Json {
    const entries: [string, Json][] = [];
    while (!this.skip('}')) {
      const key = this.value();
      if (!this.skip(':')) this.refuse();
      entries.push([typeof key === 'string' ? key : JSON.stringify(key), this.value()]);
      if (this.skip(',')) continue;
      if (!this.skip('}')) this.refuse();
      break;
    }
    return Object.fromEntries(entries);
  }

  #number(): Json {
    const sign = this.skip('-') ? -1 : 1;
    if (sign === 1) this.skip('+');
    const digits = this.#take(INTEGER) ?? this.#take(FLOAT);
    if (digits === undefined || /[jJ\w]/.test(this.#text[this.#position] ?? '')) this.refuse();
    return this.#then(sign * Number(digits.replaceAll('_', '')));
  }

  /** Neighbouring strings are one. */
  #strings(): string | undefined {
    let joined: string | undefined;
    for (let match = this.#match(STRING); match; match = this.#match(STRING)) {
      joined = (joined ?? '') + this.#string(match[1] ?? '', match[2] ?? '');
      this.#take(SPACE);
    }
    return joined;
  }

  #string(prefix: string, quote: string): string {
    const start = this.#position;
    for (let end = start; end < this.#text.length; end += 1) {
      const char = this.#text[end];
      if (this.#text.startsWith(quote, end)) {
        this.#position = end + quote.length;
        const body = this.#text.slice(start, end);
        return /[rR]/.test(prefix) ? body : withoutEscapes(body);
      }
      if (char === '\n' && quote.length === 1) break;
      if (char === '\\') end += 1;
    }
    return this.refuse();
  }

  #then<T>(value: T): T {
    this.#take(SPACE);
    return value;
  }

  #take(pattern: RegExp): string | undefined {
    return this.#match(pattern)?.[0];
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(pattern);
    sticky.lastIndex = this.#position;
    const match = sticky.exec(this.#text) ?? undefined;
    this.#position += match?.[0].length ?? 0;
    return match;
  }
}

const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;
const SHORT: Readonly<Record<string, string>> = {
  ...{ '\n': '', '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** An escape that Python does not know stays as it is written. */
function withoutEscapes(body: string): string {
  return body.replace(ESCAPE, (written, octal, byte, short, long, char) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = byte ?? short ?? long;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if ('xuUN'.includes(char)) throw new Error(`\`${written}\` is no complete escape`);
    return SHORT[char] ?? written;
  });
}
