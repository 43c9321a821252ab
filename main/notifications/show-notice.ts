import { StormletError } from '../contract/errors.ts';
import type { Execution } from '../contract/executions.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { Notice } from '../contract/notices.ts';

/**
 * The action `notify.show`: a notice that somebody asked for. It is an action as any other, so it is in the history and a
 * rule can run it; what it returns is the notice, and this stage shows it in the place of "notify.show succeeded".
 */
const SHOW = 'notify.show';

export type RequestedNotice = Pick<Notice, 'level' | 'title' | 'body' | 'urgent'>;

/** The operation behind the action. Whether the notice is shown is the settings' business, not known here. */
export async function showNotice(parameters: JsonObject): Promise<Json> {
  const title = textOf(parameters.title).trim();
  if (title === '') {
    throw new StormletError({
      code: 'action/parameter-invalid',
      kind: 'user',
      message: '`title` is empty',
      hint: 'a notice needs a few words as its title',
    });
  }
  const body = textOf(parameters.text).trim();
  const level = levelOf(parameters.level);
  return { summary: title, title, text: body, level, ...(parameters.urgent === true && { urgent: true }) };
}

/** What a finished `notify.show` asks for; undefined for every other execution. */
export function requestedNotice(execution: Execution): RequestedNotice | undefined {
  if (execution.action !== SHOW || execution.status !== 'succeeded') return undefined;
  const result = isJsonObject(execution.result) ? execution.result.result : undefined;
  if (!isJsonObject(result)) return undefined;
  const notice = { level: levelOf(result.level), title: textOf(result.title), body: textOf(result.text) };
  return result.urgent === true ? { ...notice, urgent: true } : notice;
}

function levelOf(value: Json | undefined): Notice['level'] {
  return value === 'success' || value === 'failure' ? value : 'info';
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
