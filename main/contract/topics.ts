import { z } from 'zod';
import { JsonObject } from './json.ts';
import { nameOf, packOf, type ResourceRef } from './refs.ts';

/**
 * Every MQTT topic of the bus. A sensor publishes below its own pack only:
 *   stormlet/triggers/<pack>/<trigger name>          a trigger instance, QoS 1, `SensorMessage`
 *   stormlet/sensors/<pack>/<class>/report           what a sensor process says of itself, QoS 1, `SensorReport`
 *   stormlet/sensors/<pack>/<class>/triggers         what it listens to, retained, an array of `Trigger`
 *   stormlet/datastore/<pack>/<client id>/request    a call on the datastore, QoS 0, `DatastoreCall`; answered on `…/response`
 * The engine announces, for any MQTT tool to see:
 *   stormlet/executions/<pack>/<action>/<status>     an execution changed, `Execution`
 *   stormlet/sensors/<pack>/<class>                  retained, `SensorStatus`
 *   stormlet/notifications                           `Notice`
 *   stormlet/announcements/<route>                   what an action of the runner `announcement` was given
 * Names may hold characters that MQTT reserves, so each segment is percent-encoded.
 */
export const TOPIC_ROOT = 'stormlet';

export function triggerTopic(ref: ResourceRef): string {
  return `${TOPIC_ROOT}/triggers/${packOf(ref)}/${segment(nameOf(ref))}`;
}

/** The reference in a trigger topic, or undefined when the topic is another one. */
export function triggerOfTopic(topic: string): string | undefined {
  const [root, group, pack, name, ...rest] = topic.split('/');
  if (root !== TOPIC_ROOT || group !== 'triggers' || !pack || !name || rest.length > 0) return undefined;
  try {
    return `${pack}.${decodeURIComponent(name)}`;
  } catch {
    return undefined;
  }
}

/** All of the following. */
export const EXECUTION_TOPICS = 'stormlet/executions/#';

export function executionTopic(ref: ResourceRef, status: string): string {
  return `${TOPIC_ROOT}/executions/${packOf(ref)}/${segment(nameOf(ref))}/${status}`;
}

export function sensorTopic(ref: ResourceRef): string {
  return `${TOPIC_ROOT}/sensors/${packOf(ref)}/${segment(nameOf(ref))}`;
}

export function sensorReportTopic(ref: ResourceRef): string {
  return `${sensorTopic(ref)}/report`;
}

export function sensorTriggersTopic(ref: ResourceRef): string {
  return `${sensorTopic(ref)}/triggers`;
}

export function announcementTopic(route: string): string {
  return `${TOPIC_ROOT}/announcements/${segment(route)}`;
}

export const NOTIFICATIONS_TOPIC = `${TOPIC_ROOT}/notifications`;

/** Where an MQTT client of a pack asks for the datastore's values, and where it is answered. */
export function datastoreTopic(pack: string, client: string, end: 'request' | 'response'): string {
  return `${TOPIC_ROOT}/datastore/${pack}/${segment(client)}/${end}`;
}

export function isDatastoreTopic(topic: string): boolean {
  return topic.startsWith(`${TOPIC_ROOT}/datastore/`);
}

function segment(name: string): string {
  return encodeURIComponent(name);
}

/**
 * The body of a trigger message. `id` is made by the sensor, so that a redelivery is recognised and recorded once; a
 * publisher without one (mosquitto_pub) gets it from the engine. A body that has no `payload` key is itself the payload.
 */
export const SensorMessage = z.object({
  id: z.string().min(1).max(100).optional(),
  payload: JsonObject.nullable(),
  trace_tag: z.string().nullish(),
  /** ISO 8601, when the sensor saw it. */
  occurred_at: z.string().nullish(),
});
export type SensorMessage = z.infer<typeof SensorMessage>;
