import type { AliasDefinition, AliasFormat, AliasMessage } from '../../contract/aliases.ts';
import type { Checked, Problem } from '../../contract/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import { type PackRef, ResourceRef, resourceRef } from '../../contract/refs.ts';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import { loadEach, type Metadata, type PackSource, readMetadata, refuseDuplicates } from './metadata-file.ts';

const CODE = 'alias/metadata-invalid';
const KEYS: readonly string[] = [
  ...['name', 'pack', 'description', 'enabled', 'action_ref', 'formats', 'ack', 'result', 'extra'],
  ...['immutable_parameters', 'ref', 'uid', 'id', 'metadata_file'],
];

export type AliasFile = { readonly alias: AliasDefinition; readonly line: number };

/** `aliases/*.yaml`: one action alias each. */
export async function loadAliases(
  source: PackSource,
  cache: StampedCache<Checked<AliasFile>>,
): Promise<{ readonly values: AliasDefinition[]; readonly problems: Problem[] }> {
  const loaded = await loadEach(source, 'aliases', cache, (file, text) => loadAlias(source.ref, file, text));
  const { values, problems } = refuseDuplicates(CODE, loaded, ({ alias, line }) => ({ ref: alias.ref, line }));
  return { values: values.map(({ alias }) => alias), problems };
}

/** Whether a format is a regular expression that Python can read shows when it is first matched. */
export function loadAlias(pack: PackRef, file: string, text: string): Checked<AliasFile> {
  return readMetadata(file, text, CODE, (metadata) => readAlias(metadata, pack));
}

function readAlias(metadata: Metadata, pack: PackRef): AliasFile | undefined {
  const name = metadata.requiredText(CODE, 'name');
  const action = readAction(metadata);
  metadata.checkPack(CODE, pack);
  for (const key of Object.keys(metadata.fields)) {
    if (!KEYS.includes(key)) metadata.error(CODE, [key], `unknown key: \`${key}\``);
  }
  const rest = {
    description: metadata.text(CODE, 'description'),
    enabled: metadata.flag(CODE, 'enabled', true),
    formats: readFormats(metadata),
    ack: readMessage(metadata, 'ack'),
    result: readMessage(metadata, 'result'),
    extra: metadata.object(CODE, 'extra') ?? {},
    immutableParameters: metadata.object(CODE, 'immutable_parameters') ?? {},
  };
  if (metadata.failed || !action) return undefined;
  const alias = { ref: resourceRef(pack, name), pack, name, ...rest, action, file: metadata.data.file };
  return { alias, line: metadata.data.lineOf(['name']) };
}

function readAction(metadata: Metadata): ResourceRef | undefined {
  const given = metadata.requiredText(CODE, 'action_ref');
  if (given === '') return undefined;
  const { data } = ResourceRef.safeParse(given);
  return data ?? metadata.error(CODE, ['action_ref'], `\`action_ref\` is written \`pack.name\`, got \`${given}\``);
}

function readFormats(metadata: Metadata): AliasFormat[] {
  const given = metadata.fields.formats ?? [];
  if (!Array.isArray(given)) {
    metadata.error(CODE, ['formats'], '`formats` must be a list');
    return [];
  }
  return given.flatMap((format, index) => readFormat(metadata, format, index) ?? []);
}

/** A text is shown and matched alike; a map tells the two apart. */
function readFormat(metadata: Metadata, format: Json, index: number): AliasFormat | undefined {
  if (typeof format === 'string') return { display: format, representations: [format], matchMultiple: false };
  const representations = isJsonObject(format) ? [format.representation ?? []].flat() : undefined;
  if (!isJsonObject(format) || !representations?.every((text) => typeof text === 'string')) {
    const hint = 'or a map of `display` and `representation`, a list of texts';
    return metadata.error(CODE, ['formats', index], 'a format is a text', hint);
  }
  const { display = representations[0] ?? '', match_multiple: multiple = false } = format;
  return { display: String(display ?? ''), representations, matchMultiple: multiple === true };
}

function readMessage(metadata: Metadata, key: string): AliasMessage {
  const given: JsonObject = metadata.object(CODE, key) ?? {};
  const { enabled = true, format, extra, append_url: appendUrl } = given;
  return {
    enabled: enabled !== false,
    ...(typeof format === 'string' && { format }),
    ...(isJsonObject(extra) && { extra }),
    ...(typeof appendUrl === 'boolean' && { appendUrl }),
  };
}
