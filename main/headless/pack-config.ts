import { isTemplate } from '../contract/check-parameters.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { PackConfig } from '../contract/pack-config.ts';
import { leavesOf, pathText, specAt, valueAt } from '../contract/spec-walk.ts';
import { parseText, readPath, splitWord } from './parse-values.ts';
import { readSecret } from './read-secret.ts';
import { removePath, setPath } from './set-path.ts';
import { table } from './text.ts';

/** What a command line changes of a configuration, and how one is printed. */
export type ConfigChanges = {
  readonly words: readonly string[];
  readonly unset: readonly string[];
  /** Names whose values come on stdin. */
  readonly secret: readonly string[];
};

export async function changedValues(config: PackConfig, changes: ConfigChanges): Promise<JsonObject> {
  let values = config.values;
  for (const name of changes.unset) values = removePath(values, readPath(name));
  for (const word of changes.words) {
    const [name, text] = splitWord(word);
    const path = readPath(name);
    // What an expression becomes, and of which type, the app finds out.
    const value = isTemplate(text) ? text : parseText(name, text, specAt(config.schema, path));
    values = setPath(values, path, value);
  }
  for (const name of changes.secret) values = setPath(values, readPath(name), await readSecret(name));
  return values;
}

export function configText(config: PackConfig): string {
  const { effective = config.values, schema, values } = config;
  const shown = leavesOf(schema, effective).filter(({ value }) => value !== null);
  const rows = shown.map(({ path, value }) => {
    const own = valueAt(values, path);
    const from = own === undefined ? 'default' : typeof own === 'string' && own.includes('{{') ? 'expression' : 'file';
    return [pathText(path), from, valueText(value)];
  });
  const missing = config.missing.map((name) => [name, 'missing', '']);
  const notes = [
    `file: ${config.file}${config.exists ? '' : ' (not there yet)'}`,
    ...config.problems.map((problem) => `${problem.severity}: ${problem.message}`),
    ...(config.readable.length > 0
      ? [
          `hint: ${config.readable.join(', ')} can be read in the file; \`stormlet pack config ${config.ref} --encrypt\``,
        ]
      : []),
  ];
  return `${table(['NAME', 'FROM', 'VALUE'], [...missing, ...rows], 'the pack takes no configuration')}\n\n${notes.join('\n')}`;
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
