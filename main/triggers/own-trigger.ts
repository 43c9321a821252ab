import type { JsonObject } from '../contract/json.ts';
import { isFault, isTimer, readSchedule, type ScheduleFault } from './timers/schedule.ts';

/**
 * Of a trigger type that the app itself looks after, how to find what is wrong with parameters that fit its schema; undefined
 * for one that is a sensor's business.
 */
export function ownTrigger(type: string): ((parameters: JsonObject) => ScheduleFault | undefined) | undefined {
  return isTimer(type) ? (parameters) => timerFault(type, parameters) : undefined;
}

function timerFault(type: string, parameters: JsonObject): ScheduleFault | undefined {
  const read = readSchedule(type, parameters);
  return isFault(read) ? read : undefined;
}
