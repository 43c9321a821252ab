import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import { MAX_NESTING, nestsTooDeep } from './admit.ts';

/** What was posted, or why it is none: with the HTTP status that says so. */
export type ReadBody =
  | { readonly body: JsonObject | Json[] }
  | { readonly status: 400 | 413 | 415; readonly code: string; readonly message: string; readonly hint: string };

/** JSON where the request names no type, as StackStorm takes it; a form is a map of lists of texts. */
export function readWebhookBody(bytes: Buffer, contentType: string | undefined, maxBytes: number): ReadBody {
  if (bytes.length > maxBytes) {
    const message = `the body has ${bytes.length} bytes, the limit is ${maxBytes}`;
    return { status: 413, code: 'webhook/too-large', message, hint: 'raise `webhooks.maxBodyBytes` in the settings' };
  }
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/x-www-form-urlencoded') return { body: readForm(bytes.toString('utf8')) };
  if (type === '' || type === 'application/json' || type.endsWith('+json')) return readJson(bytes);
  const message = `a webhook takes JSON or a form, got \`${type}\``;
  return { status: 415, code: 'webhook/unknown-type', message, hint: 'send it as `application/json`' };
}

function readJson(bytes: Buffer): ReadBody {
  const refused = (code: string, message: string, hint: string) => ({ status: 400, code, message, hint }) as const;
  if (nestsTooDeep(bytes)) {
    const message = `the body nests deeper than ${MAX_NESTING} maps and lists`;
    return refused('webhook/too-deep', message, 'send the deep part as a text');
  }
  const text = bytes.toString('utf8');
  if (text.trim() === '') return { body: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return refused('webhook/not-json', message, 'name the type of what you send in the header `Content-Type`');
  }
  if (isJsonObject(value) || Array.isArray(value)) return { body: value as JsonObject | Json[] };
  return refused('webhook/not-an-object', `the body must be a map or a list, got \`${text.slice(0, 60)}\``, 'wrap it');
}

/** As Python's `parse_qs`: a name may come again, and one without a value is left out. */
function readForm(text: string): JsonObject {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (value !== '') fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return Object.fromEntries(fields);
}
