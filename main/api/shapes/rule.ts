import { z } from 'zod';
import type { RuleDefinition } from '../../contract/packs.ts';
import { AnyObject } from '../any-json.ts';
import { asTag, inPack, plainJson } from './action.ts';

/** A rule as StackStorm's API gives it (st2common/models/api/rule.py). */
export const St2Rule = z.object({
  id: z.string(),
  uid: z.string(),
  ref: z.string(),
  pack: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  type: z.object({ ref: z.string(), parameters: AnyObject }),
  trigger: z.object({ type: z.string(), ref: z.string(), parameters: AnyObject }),
  criteria: AnyObject,
  action: z.object({ ref: z.string(), parameters: AnyObject }),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  context: AnyObject,
  metadata_file: z.string(),
});
export type St2Rule = z.infer<typeof St2Rule>;

export function asSt2Rule(rule: RuleDefinition): St2Rule {
  const { ref, pack, name, description, enabled, action } = rule;
  return {
    id: ref,
    uid: `rule:${pack}:${name}`,
    ...{ ref, pack, name, description, enabled },
    type: { ref: rule.type, parameters: {} },
    trigger: { type: rule.trigger.type, ref: rule.trigger.type, parameters: rule.trigger.parameters },
    criteria: plainJson(rule.criteria),
    action: { ref: action.ref, parameters: action.parameters },
    tags: rule.tags.map(asTag),
    context: {},
    metadata_file: inPack(rule.file),
  };
}
