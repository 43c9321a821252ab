import { z } from 'zod';
import type { JsonObject } from '../../contract/json.ts';
import type { ActionDefinition } from '../../contract/packs.ts';
import { AnyObject } from '../any-json.ts';

/** An action as StackStorm's API gives it (st2common/models/api/action.py). Ids are refs: here nothing else has to be unique. */
export const St2Action = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  entry_point: z.string(),
  runner_type: z.string(),
  parameters: AnyObject,
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  metadata_file: z.string(),
});
export type St2Action = z.infer<typeof St2Action>;

export function asSt2Action(action: ActionDefinition): St2Action {
  const { ref, pack, name, description, enabled } = action;
  return {
    id: ref,
    uid: `action:${pack}:${name}`,
    ...{ ref, pack, name, description, enabled },
    entry_point: action.entryPoint,
    runner_type: action.runner,
    parameters: plainJson(action.parameters),
    tags: action.tags.map(asTag),
    metadata_file: inPack(action.file),
  };
}

/** Parameters as they were declared; what is undefined is not there. */
export function plainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

export function asTag(tag: string): { name: string; value: string } {
  const [name = '', ...value] = tag.split('=');
  return { name, value: value.join('=') };
}

/** StackStorm names metadata files from the pack's folder on. */
export function inPack(file: string): string {
  return file.split(/[\\/]/).slice(-2).join('/');
}
