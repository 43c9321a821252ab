import { isUtf8 } from 'node:buffer';
import type { Problem } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import { covers, isTopicFilter } from '../contract/topic-filter.ts';
import { TOPIC_ROOT } from '../contract/topics.ts';
import type { Trigger, TriggerInstance } from '../contract/triggers.ts';
import { MAX_MESSAGE_BYTES, nestsTooDeep, type OwnEvent } from './admit.ts';
import { uuidOf } from './trigger-of.ts';

/** What any client of the broker publishes, beside the app's own topics, becomes events for the rules on that topic. */
export type MqttMessage = {
  readonly topic: string;
  readonly body: Buffer;
  readonly qos: number;
  readonly retained: boolean;
  /** The client's own id, and the user name of its credential. */
  readonly client: string;
  readonly user: string;
  /** Of one that comes again the same; there is none at QoS 0, where nothing comes again. */
  receipt?(): string | undefined;
};

export const MQTT = 'core.mqtt';

export type MqttTopicsDeps = {
  /** Those with parameters that enabled rules ask for. */
  triggers(): readonly Trigger[];
  submit(event: OwnEvent): Promise<TriggerInstance>;
};

/** Resolves when each event is on disk, and then the message may be acknowledged. */
export async function receiveMqtt(deps: MqttTopicsDeps, message: MqttMessage): Promise<void> {
  const wanted = deps.triggers().filter((trigger) => isWanted(trigger, message));
  if (wanted.length === 0) return;
  const { topic, qos, retained, client, user } = message;
  const receipt = message.receipt?.();
  const { payload, encoding, refusal } = readBody(message.body);
  const event: JsonObject = { topic, payload, encoding, qos, retained, client, user };
  await Promise.all(
    wanted.map(({ ref }) => {
      const id = receipt === undefined ? {} : { id: idOf(receipt, ref) };
      return deps.submit({ ...id, trigger: ref, payload: event, source: user, refusal });
    }),
  );
}

/** Of each trigger another; it begins with the time, as its receipt does. */
function idOf(receipt: string, trigger: string): string {
  return receipt.slice(0, TIME_AND_VERSION) + uuidOf(`${receipt} ${trigger}`).slice(TIME_AND_VERSION);
}

const TIME_AND_VERSION = 'xxxxxxxx-xxxx-7'.length;

function isWanted({ type, parameters }: Trigger, { topic, user }: MqttMessage): boolean {
  const { topic: filter, credential = null } = parameters;
  return type === MQTT && typeof filter === 'string' && covers(filter, topic) && (credential ?? user) === user;
}

type ReadBody = { readonly payload: Json; readonly encoding: 'json' | 'text' | 'base64'; readonly refusal?: Problem };

function readBody(body: Buffer): ReadBody {
  if (body.length > MAX_MESSAGE_BYTES) return { payload: null, encoding: 'json', refusal: tooLarge(body.length) };
  if (!isUtf8(body)) return { payload: body.toString('base64'), encoding: 'base64' };
  const text = body.toString('utf8');
  if (nestsTooDeep(body)) return { payload: text, encoding: 'text' };
  try {
    return { payload: JSON.parse(text), encoding: 'json' };
  } catch {
    return { payload: text, encoding: 'text' };
  }
}

function tooLarge(bytes: number): Problem {
  return {
    severity: 'error',
    code: 'trigger/payload-too-large',
    message: `the message has ${bytes} bytes, the limit is ${MAX_MESSAGE_BYTES}`,
    hint: 'send a path or an address instead of the content',
  };
}

/** What is wrong with the parameters of a rule. */
export function mqttFault({ topic }: JsonObject): { readonly fault: string; readonly hint: string } | undefined {
  const filter = String(topic);
  if (!isTopicFilter(filter)) {
    return {
      fault: `\`topic\` is no topic filter: \`${filter}\``,
      hint: 'write it like `home/+/temperature` or `home/#`',
    };
  }
  if (filter.split('/', 1)[0] !== TOPIC_ROOT) return undefined;
  const hint =
    'for an event of a pack make a rule on its own trigger, for an action on `core.st2.generic.actiontrigger`';
  return { fault: `topics below \`${TOPIC_ROOT}/\` are the app's own`, hint };
}
