import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';

/** What the wrapper wrote; undefined where it wrote nothing, so `run` did not come to its end. */
export type WrittenResult =
  | {
      readonly status: boolean | null;
      readonly result: Json;
      /** Modules that it imported, where that was asked for; each after those that it needs, mostly. */
      readonly imported: readonly string[];
    }
  | { readonly limit: string }
  | { readonly problem: string }
  | undefined;

/** Bytes of a result that is taken; a larger one fails the action instead of filling memory and history. */
const MAX_RESULT_BYTES = 16 * 1024 * 1024;
const SMALL_BYTES = 64 * 1024;

export async function readResultFile(file: string): Promise<WrittenResult> {
  try {
    const { size } = statSync(file);
    return readResult({ size, text: size > MAX_RESULT_BYTES ? undefined : await readText(file, size) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { problem: `its result cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A small file is read sooner than another thread can be asked to read it. */
function readText(file: string, size: number): string | Promise<string> {
  return size <= SMALL_BYTES ? readFileSync(file, 'utf8') : readFile(file, 'utf8');
}

export function readResult(written: { readonly size: number | undefined; readonly text: string | undefined }) {
  const { size, text } = written;
  if (size === undefined) return undefined;
  // It was killed while it wrote.
  if (text !== undefined && !text.endsWith('}')) return undefined;
  if (text === undefined) return { problem: `its result has ${size} bytes, the limit is ${MAX_RESULT_BYTES}` };
  const value = parse(text);
  if (value === undefined) return { problem: 'its result file does not hold an object' };
  if (typeof value.limit === 'string') return { limit: value.limit };
  const { status, result, imported } = value;
  return {
    status: typeof status === 'boolean' ? status : null,
    result: result ?? null,
    imported: Array.isArray(imported) ? imported.filter((name) => typeof name === 'string') : [],
  };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
