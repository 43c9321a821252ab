import { z } from 'zod';
import type { AliasDefinition, AliasFormat, AliasMessage } from '../../contract/aliases.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { AnyJson, AnyObject } from '../any-json.ts';
import { inPack } from './action.ts';

/** An action alias as StackStorm's API gives it (st2common/models/api/action.py, `ActionAliasAPI`). */
export const St2Alias = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  action_ref: z.string(),
  formats: z.array(AnyJson),
  ack: AnyObject,
  result: AnyObject,
  extra: AnyObject,
  immutable_parameters: AnyObject,
  metadata_file: z.string(),
});
export type St2Alias = z.infer<typeof St2Alias>;

export function asSt2Alias(alias: AliasDefinition): St2Alias {
  const { ref, pack, name, description, enabled, extra } = alias;
  return {
    id: ref,
    uid: `action_alias:${pack}:${name}`,
    ...{ ref, pack, name, description, enabled, extra },
    action_ref: alias.action,
    formats: alias.formats.map(asFormat),
    ack: asMessage(alias.ack),
    result: asMessage(alias.result),
    immutable_parameters: alias.immutableParameters,
    metadata_file: inPack(alias.file),
  };
}

function asFormat({ display, representations, matchMultiple }: AliasFormat): Json {
  if (!matchMultiple && representations.length === 1 && representations[0] === display) return display;
  return { display, representation: representations, ...(matchMultiple && { match_multiple: true }) };
}

function asMessage({ enabled, format, extra, appendUrl }: AliasMessage): JsonObject {
  return {
    enabled,
    ...(format !== undefined && { format }),
    ...(extra && { extra }),
    ...(appendUrl !== undefined && { append_url: appendUrl }),
  };
}
