import { z } from 'zod';
import { isTopicFilter } from './topic-filter.ts';
import { TOPIC_ROOT } from './topics.ts';

/** Credentials of the embedded broker for programs and devices that are no part of the app. */

/** Also the MQTT user name, and so none of those that the app itself hands out. */
export const BusKeyName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name has letters, digits, `.`, `_` and `-`, at most 64 of them')
  .refine((name) => name !== 'operator', 'the app itself uses that name');

const KeyTopic = z
  .string()
  .refine(isTopicFilter, 'a topic filter is written like `home/+/temperature` or `home/#`')
  .refine((filter) => filter.split('/', 1)[0] !== TOPIC_ROOT, `topics below \`${TOPIC_ROOT}/\` are the app’s own`);

export const NewBusKey = z.object({
  name: BusKeyName,
  /** What it may publish and listen to. */
  topics: z.array(KeyTopic).min(1),
});

export const BusKey = z.object({ name: z.string(), topics: z.array(z.string()), createdAt: z.string() });
export type BusKey = z.infer<typeof BusKey>;

/** The only time that the password is told: only its hash is kept. */
export const CreatedBusKey = BusKey.extend({ password: z.string(), url: z.string() });
export type CreatedBusKey = z.infer<typeof CreatedBusKey>;
