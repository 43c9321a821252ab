import type { Execution } from '../contract/executions.ts';
import { inquiryFields } from '../contract/inquiries.ts';
import { isJsonObject, type Json } from '../contract/json.ts';
import type { Notice } from '../contract/notices.ts';
import { packOf } from '../contract/refs.ts';
import type { Settings } from '../contract/settings.ts';
import { answerButtons } from './answer-buttons.ts';
import { requestedNotice } from './show-notice.ts';

/**
 * Stage 6: which results are worth a notice, and in which words. Pure; showing it is the host's business. Results arrive
 * here with their secrets masked already.
 */
export function consider(
  execution: Execution,
  settings: Settings['notifications'],
  id: string,
  at: string,
): Notice | undefined {
  const common = { id, at, source: execution.context.source, execution: execution.id };
  const requested = requestedNotice(execution);
  if (requested) {
    if (!settings.onRequest) return undefined;
    return { ...common, ...requested, body: shorten(requested.body), requested: true };
  }
  const succeeded = execution.status === 'succeeded';
  if (execution.status === 'canceled') return undefined;
  if (execution.status === 'pending') return question(execution, id, at);
  // Its workflow's end is told, not each of its tasks'.
  if (execution.context.parent !== undefined || !isWanted(execution, succeeded, settings)) return undefined;
  return {
    ...common,
    level: succeeded ? 'success' : 'failure',
    title: `${execution.action} ${succeeded ? 'succeeded' : HOW_IT_FAILED[execution.status]}${tries(execution)}`,
    body: shorten(succeeded ? summarize(execution.result) : whyItFailed(execution)),
    ...(!succeeded && { buttons: [{ does: 'rerun', label: 'Run again' }] }),
  };
}

/** The end of an execution in the words of a `notify` section. */
export function toldNotice(execution: Execution, message: string, id: string, at: string): Notice {
  const { action, status, context } = execution;
  const succeeded = status === 'succeeded';
  return {
    id,
    at,
    source: context.source,
    execution: execution.id,
    level: succeeded ? 'success' : status === 'canceled' ? 'info' : 'failure',
    title: `${action} ${succeeded || status === 'canceled' ? status : HOW_IT_FAILED[status]}`,
    body: shorten(message),
    requested: true,
  };
}

/** The rule that asked for it has the first word, then the action's pack, then the general switches. */
function isWanted({ action, context }: Execution, succeeded: boolean, settings: Settings['notifications']): boolean {
  const ofRule = context.rule === undefined ? undefined : settings.rules[context.rule];
  const choice = ofRule ?? settings.packs[packOf(action)];
  if (choice === undefined) return succeeded ? settings.onSuccess : settings.onFailure;
  return choice === 'both' || choice === (succeeded ? 'success' : 'failure');
}

/** Told whatever the settings say: it waits for the person. */
function question({ action, result, context, id: execution }: Execution, id: string, at: string): Notice {
  const schema = isJsonObject(result) && isJsonObject(result.schema) ? result.schema : {};
  const fields = Object.entries(inquiryFields(schema)).map(([name, spec]) => spec.description ?? name);
  const buttons = answerButtons(schema);
  return {
    id,
    at,
    level: 'info',
    title: `${action} waits for your answer`,
    body: shorten(fields.join('\n')),
    source: context.source,
    execution,
    asks: true,
    ...(buttons.length > 0 && { buttons }),
  };
}

/** Of one that a policy had tried again only this try is told. */
function tries({ context }: Execution): string {
  const again = context.policies?.retry?.count;
  return again === undefined ? '' : ` at try ${again + 1}`;
}

const HOW_IT_FAILED: Record<string, string> = {
  failed: 'failed',
  timeout: 'took too long and was stopped',
  abandoned: 'was abandoned',
};

/** Longer bodies are cut by every desktop. */
const MAX_BODY = 240;

function whyItFailed(execution: Execution): string {
  const stderr = isJsonObject(execution.result) ? execution.result.stderr : undefined;
  const lastLine = typeof stderr === 'string' ? stderr.trimEnd().split('\n').at(-1) : undefined;
  return lastLine || execution.fault?.message || 'it gave no reason';
}

/** The one line a person wants of a result: its own `summary` or `message`, else the value, else what was printed. */
function summarize(output: Json | undefined): string {
  if (!isJsonObject(output)) return output === undefined || output === null ? '' : textOf(output);
  const result = output.result ?? null;
  if (isJsonObject(result)) {
    const said = result.summary ?? result.message;
    return typeof said === 'string' ? said : textOf(result);
  }
  // StackStorm's wrapper writes a missing result as the text "None".
  if (result !== null && result !== 'None') return textOf(result);
  return textOf(output.stdout ?? '');
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value.trim() : JSON.stringify(value);
}

function shorten(text: string): string {
  return text.length > MAX_BODY ? `${text.slice(0, MAX_BODY - 1)}…` : text;
}
