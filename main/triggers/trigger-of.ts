import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../contract/json.ts';
import type { TriggerType } from '../contract/packs.ts';
import { resourceRef } from '../contract/refs.ts';
import type { Trigger } from '../contract/triggers.ts';

/**
 * The trigger that a rule on a type with parameters asks for: one for each set of parameters, whoever asks. Its name is a
 * UUID made of them, so that it is the same after a restart. A type without parameters is itself the only trigger of it.
 */
export function triggerOf(type: TriggerType, parameters: JsonObject): Trigger | undefined {
  if (Object.keys(type.parametersSchema ?? {}).length === 0) return undefined;
  const name = uuidOf(JSON.stringify([type.ref, sorted(parameters)]));
  const ref = resourceRef(type.pack, name);
  return { id: name, uid: `trigger:${type.pack}:${name}`, ref, name, pack: type.pack, type: type.ref, parameters };
}

/** In the form of version 4, as packs know them; of one text always the same. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
