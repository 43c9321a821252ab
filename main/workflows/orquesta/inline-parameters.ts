import type { Json } from '../../contract/json.ts';

/** `a=1 b="text" c=<% ctx(x) %>` as orquesta reads it. What is no parameter is passed over. */
export function inlineParameters(text: string): [name: string, value: Json][] {
  return [...text.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name, readValue(value.trim())]);
}

/** The first alternative that fits counts: a list, a quoted text, a number, a word of JSON, an expression. */
const PARAMETER =
  /([\p{L}\p{N}_]+)=(\[.*\]\s*|"[^"]*"\s*|'[^']*'\s*|-?\d*\.\d+|-?\d+|(?i:true)|(?i:false)|null|\{\{.*?\}\}|<%.*?%>)/gu;

function readValue(written: string): Json {
  const isQuoted = /"[^"]*"|'[^']*'/.test(written);
  const bare = unquoted(unquoted(written, '"'), "'");
  const isObject = bare.startsWith('{') && bare.endsWith('}');
  if (isQuoted && !isObject && bare !== '') return bare;
  try {
    return JSON.parse(/^(true|false)$/i.test(bare) ? bare.toLowerCase() : bare);
  } catch {
    return bare;
  }
}

function unquoted(text: string, quote: string): string {
  const start = text.startsWith(quote) ? 1 : 0;
  const end = text.length > start && text.endsWith(quote) ? text.length - 1 : text.length;
  return text.slice(start, end);
}
