import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { TriggerType } from '../../contract/packs.ts';
import { type PackRef, resourceRef } from '../../contract/refs.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import type { NodePath } from '../../kit/yaml-file.ts';
import { loadEach, type Metadata, type PackSource, readMetadata } from './metadata-file.ts';

const CODE = 'trigger/metadata-invalid';

/** `triggers/*.yaml`: one trigger type each. */
export async function loadTriggers(
  source: PackSource,
  cache: StampedCache<Checked<TriggerType>>,
): Promise<{ readonly values: TriggerType[]; readonly problems: Problem[] }> {
  const loaded = await loadEach(source, 'triggers', cache, (file, text) => loadTrigger(source.ref, file, text));
  return {
    values: loaded.flatMap(({ value }) => (value ? [value] : [])),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}

export function loadTrigger(pack: PackRef, file: string, text: string): Checked<TriggerType> {
  return readMetadata(file, text, CODE, (metadata) => readTriggerType(metadata, metadata.fields, [], pack));
}

/**
 * One trigger type, from a file of its own or from a sensor's `trigger_types`. Other keys are ignored without a word, as
 * StackStorm does: 11 packs still carry the old `payload_info`.
 */
export function readTriggerType(
  metadata: Metadata,
  fields: JsonObject,
  at: NodePath,
  pack: PackRef,
): TriggerType | undefined {
  const { name, description = '', pack: named = pack } = fields;
  if (typeof name !== 'string' || name === '') {
    return metadata.error(CODE, [...at, 'name'], 'a trigger type needs a `name`');
  }
  if (named !== null && named !== pack) {
    const message = `\`pack\` of the trigger type \`${name}\` is \`${String(named)}\`, but the file belongs to \`${pack}\``;
    return metadata.error(CODE, [...at, 'pack'], message, 'remove the line');
  }
  const payloadSchema = readSchema(metadata, fields, at, 'payload_schema');
  const parametersSchema = readSchema(metadata, fields, at, 'parameters_schema');
  return {
    ref: resourceRef(pack, name),
    pack,
    name,
    description: typeof description === 'string' ? description : '',
    ...(payloadSchema && { payloadSchema }),
    ...(parametersSchema && { parametersSchema }),
    file: metadata.data.file,
  };
}

/** A schema that is no map would refuse every event, so it is reported and left out. An empty one says nothing. */
function readSchema(metadata: Metadata, fields: JsonObject, at: NodePath, key: string): JsonObject | undefined {
  const schema = fields[key] ?? undefined;
  if (schema === undefined) return undefined;
  if (isJsonObject(schema)) return Object.keys(schema).length > 0 ? schema : undefined;
  return metadata.warn(CODE, [...at, key], `\`${key}\` must be a map`);
}
