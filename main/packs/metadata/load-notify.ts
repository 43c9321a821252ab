import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { NOTIFY_KEYS, type NotifySection, type NotifySubsection } from '../../contract/notify.ts';
import type { NodePath } from '../../kit/yaml-file.ts';
import type { Metadata } from './metadata-file.ts';

/**
 * A `notify` section. What is wrong in it is reported and left out: that nobody is told is no reason not to run. `channels` is
 * the older word for `routes`.
 */
export function loadNotify(metadata: Metadata, value: unknown, at: NodePath, code: string): NotifySection | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return metadata.warn(code, at, '`notify` must be a map');
  const section: NotifySection = {};
  for (const [key, given] of Object.entries(value)) {
    const when = NOTIFY_KEYS.find((known) => known === key.replaceAll('_', '-'));
    if (!when) metadata.warn(code, [...at, key], `unknown key: \`${key}\``, `one of ${NOTIFY_KEYS.join(', ')}`);
    else if (isJsonObject(given)) section[when] = readSubsection(metadata, given, [...at, key], code);
    else if (given !== null) metadata.warn(code, [...at, key], `\`${key}\` must be a map`);
  }
  return Object.keys(section).length > 0 ? section : undefined;
}

function readSubsection(metadata: Metadata, given: JsonObject, at: NodePath, code: string): NotifySubsection {
  const { message = null, data = null } = given;
  if (message !== null && typeof message !== 'string')
    metadata.warn(code, [...at, 'message'], '`message` must be a text');
  if (data !== null && !isJsonObject(data)) metadata.warn(code, [...at, 'data'], '`data` must be a map');
  return {
    ...(typeof message === 'string' && message !== '' && { message }),
    ...(isJsonObject(data) && { data }),
    routes: readRoutes(metadata, given, at, code),
  };
}

function readRoutes(metadata: Metadata, given: JsonObject, at: NodePath, code: string): string[] {
  const key = given.routes === undefined ? 'channels' : 'routes';
  const routes = given[key] ?? [];
  if (Array.isArray(routes)) return routes.map(String);
  metadata.warn(code, [...at, key], `\`${key}\` must be a list`);
  return [];
}
