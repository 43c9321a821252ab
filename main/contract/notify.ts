import { z } from 'zod';
import { isJsonObject, JsonObject } from './json.ts';

/** Whom to tell when an action has ended. `message` and the texts in `data` are Jinja. */
export const NotifySubsection = z.object({
  message: z.string().optional(),
  data: JsonObject.optional(),
  /** Names that rules on `core.st2.generic.notifytrigger` listen to. `desktop`, or none at all, is a notice of the app. */
  routes: z.array(z.string()).default([]),
});
export type NotifySubsection = z.infer<typeof NotifySubsection>;

/** StackStorm's own keys: `notify` in an action's metadata, in a request to run one, and in a rule's `action`. */
export const NotifySection = z.object({
  'on-complete': NotifySubsection.optional(),
  'on-success': NotifySubsection.optional(),
  'on-failure': NotifySubsection.optional(),
});
export type NotifySection = z.infer<typeof NotifySection>;

export const NOTIFY_KEYS = ['on-complete', 'on-success', 'on-failure'] as const satisfies (keyof NotifySection)[];

/** From what somebody wrote, with `channels` as the older word for `routes`. Undefined: it says nothing that can be understood. */
export function readNotify(given: JsonObject): NotifySection | undefined {
  const sections = Object.entries(given).map(([key, value]) => {
    if (!isJsonObject(value) || value.routes !== undefined) return [key, value];
    return [key, { ...value, routes: value.channels ?? [] }];
  });
  return NotifySection.safeParse(Object.fromEntries(sections)).data;
}
