import type { Json, JsonObject } from '../../contract/json.ts';
import type { OrquestaDefinition } from './definition.ts';

/** Whether some expression reads `task()`. If none does, results need not be kept with the run. */
export function readsResults(definition: OrquestaDefinition, input: JsonObject): boolean {
  return namesTask(definition as unknown as Json) || namesTask(input);
}

function namesTask(value: Json): boolean {
  if (typeof value === 'string') return /\btask\b/.test(value) && /<%|\{\{|\{%/.test(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some(namesTask);
}
