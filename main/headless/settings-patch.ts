import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { Settings, SettingsPatch } from '../contract/settings.ts';
import { readPath, splitWord, UsageError } from './parse-values.ts';
import { setPath } from './set-path.ts';

type Group = keyof Settings;

/** Only the groups that are named: another window may be changing the others. What a value may be, the app knows. */
export function patchOf(all: Settings, words: readonly string[]): { patch: SettingsPatch; groups: Group[] } {
  let patch: JsonObject = {};
  for (const word of words) {
    const [name, text] = splitWord(word);
    const path = readPath(name);
    const [group, field] = path;
    const values = objectOf(all[knownGroup(all, String(group))] as Json);
    if (typeof field !== 'string' || !Object.hasOwn(values, field)) {
      throw new UsageError(`there is no setting \`${name}\`; \`stormlet settings\` shows which there are`);
    }
    // A list or a record is given as a whole, so the parts that stay come from what there is.
    const start = { [String(group)]: { [field]: values[field] ?? null } };
    patch = setPath(merge(start, patch), path, read(text));
  }
  return { patch: patch as SettingsPatch, groups: Object.keys(patch) as Group[] };
}

function merge(start: JsonObject, patch: JsonObject): JsonObject {
  const groups = Object.entries({ ...start, ...patch });
  return Object.fromEntries(groups.map(([group]) => [group, { ...objectOf(start[group]), ...objectOf(patch[group]) }]));
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function knownGroup(all: Settings, name: string): Group {
  if (Object.hasOwn(all, name)) return name as Group;
  throw new UsageError(`there is no group \`${name}\`; there is: ${Object.keys(all).join(', ')}`);
}

function read(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
