import { z } from 'zod';
import type { TriggerType } from '../../contract/packs.ts';
import type { Trigger, TriggerInstance } from '../../contract/triggers.ts';
import { AnyJson, AnyObject } from '../any-json.ts';
import { inPack } from './action.ts';

/** Triggers as StackStorm's API gives them (st2common/models/api/trigger.py). */
export const St2TriggerType = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  description: z.string(),
  payload_schema: AnyObject,
  parameters_schema: AnyObject,
  tags: z.array(AnyObject),
  metadata_file: z.string(),
});

export const St2Trigger = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.string(),
  parameters: AnyObject,
});

export const St2TriggerInstance = z.object({
  id: z.string(),
  trigger: z.string(),
  payload: AnyJson,
  occurrence_time: z.string(),
  status: z.string(),
});

export function asSt2TriggerType(type: TriggerType): z.infer<typeof St2TriggerType> {
  const { ref, pack, name, description } = type;
  return {
    id: ref,
    uid: `trigger_type:${pack}:${name}`,
    ...{ ref, pack, name, description },
    payload_schema: type.payloadSchema ?? {},
    parameters_schema: type.parametersSchema ?? {},
    tags: [],
    metadata_file: inPack(type.file),
  };
}

export function asSt2Trigger({ id, uid, ref, pack, name, type, parameters }: Trigger): z.infer<typeof St2Trigger> {
  return { id, uid, ref, pack, name, description: '', type, parameters };
}

/** A type without parameters is its own only trigger. */
export function triggerOfType({ ref, pack, name, description }: TriggerType): z.infer<typeof St2Trigger> {
  return { id: ref, uid: `trigger:${pack}:${name}`, ref, pack, name, description, type: ref, parameters: {} };
}

export function asSt2TriggerInstance(instance: TriggerInstance): z.infer<typeof St2TriggerInstance> {
  const { id, trigger, payload, occurredAt, status } = instance;
  return { id, trigger, payload, occurrence_time: occurredAt, status };
}
