import type { JsonObject } from '../contract/json.ts';
import { MQTT, mqttFault } from './mqtt-topics.ts';
import { isFault, isTimer, readSchedule, type ScheduleFault } from './timers/schedule.ts';
import { WEBHOOK, webhookFault } from './webhooks.ts';

/**
 * Of a trigger type that the app itself looks after, how to find what is wrong with parameters that fit its schema; undefined
 * for one that is a sensor's business.
 */
export function ownTrigger(type: string): ((parameters: JsonObject) => ScheduleFault | undefined) | undefined {
  if (isTimer(type)) return (parameters) => timerFault(type, parameters);
  if (type === MQTT) return mqttFault;
  return type === WEBHOOK ? webhookFault : undefined;
}

function timerFault(type: string, parameters: JsonObject): ScheduleFault | undefined {
  const read = readSchedule(type, parameters);
  return isFault(read) ? read : undefined;
}
