import { type Execution, isCompleted } from '../contract/executions.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { NotifySection } from '../contract/notify.ts';
import { packOf, type ResourceRef } from '../contract/refs.ts';
import type { ExpressionRenderer } from '../expressions/renderer.ts';
import type { Log } from '../kit/log.ts';
import { pythonTime } from '../kit/python-time.ts';
import { type Notification, notificationsOf, notifyOf } from '../notifications/notify.ts';
import type { InternalEvents } from './internal-events.ts';
import { USER } from './prepare-execution.ts';

export type NotifyDeskDeps = {
  readonly renderer: ExpressionRenderer;
  readonly events: Pick<InternalEvents, 'submit'>;
  readonly log: Log;
  /** What an action asks for whoever runs it. */
  notifyOf(action: ResourceRef): NotifySection | undefined;
  /** A notice of the app. */
  show(execution: Execution, message: string): Promise<void>;
};

const TRIGGER = 'core.st2.generic.notifytrigger' as ResourceRef;

/** Joins executions, expressions, events and notices: whom `notify` sections want told of an end, and in which words. */
export class NotifyDesk {
  readonly #deps: NotifyDeskDeps;

  constructor(deps: NotifyDeskDeps) {
    this.#deps = deps;
  }

  /** Told of every change of an execution. */
  follow(execution: Execution): void {
    if (!isCompleted(execution.status)) return;
    const notifications = this.#notificationsOf(execution);
    if (notifications.length === 0) return;
    this.#tell(execution, notifications).catch((error) => {
      this.#deps.log.error('the end of an execution could not be told', { execution: execution.id, error });
    });
  }

  /** Whether it has its own words for the app's notice. */
  speaksFor(execution: Execution): boolean {
    return this.#notificationsOf(execution).some(({ onDesktop }) => onDesktop);
  }

  #notificationsOf(execution: Execution): Notification[] {
    const notify = notifyOf(execution, this.#deps.notifyOf(execution.action));
    return notificationsOf(execution, notify);
  }

  /** One after the other, as they are written: whoever reads the routes finds the general one first. */
  async #tell(execution: Execution, notifications: readonly Notification[]): Promise<void> {
    const context = templateContext(execution);
    for (const { when, routes, onDesktop, ...texts } of notifications) {
      const message = String(await this.#render(execution, texts.message, context));
      const data = (await this.#render(execution, texts.data, context)) as JsonObject;
      if (onDesktop) await this.#deps.show(execution, message);
      for (const route of routes) {
        const payload = payloadOf(execution, route, message, data);
        await this.#deps.events.submit({
          id: `notify:${execution.id}:${when}:${route}`,
          trigger: TRIGGER,
          payload,
          execution: execution.id,
        });
      }
    }
  }

  /** As it is written where it cannot be rendered: that it is told matters more than the words. */
  async #render(execution: Execution, value: Json, context: JsonObject): Promise<Json> {
    try {
      return await renderTexts(value, (text) => this.#deps.renderer.render(text, context));
    } catch (error) {
      this.#deps.log.warn('a `notify` section cannot be rendered', { execution: execution.id, error });
      return value;
    }
  }
}

/** Secret values are masked in all of it. */
function templateContext({ action, parameters, context, result = null }: Execution): JsonObject {
  const { rule, triggerInstance, parent } = context;
  return {
    action_parameters: parameters,
    action_results: result,
    action_context: {
      user: USER,
      pack: packOf(action),
      ...(rule !== undefined && { rule: { id: rule, name: rule } }),
      ...(triggerInstance !== undefined && { trigger_instance: { id: triggerInstance } }),
      ...(parent !== undefined && { parent: { execution_id: parent } }),
    },
  };
}

function payloadOf(execution: Execution, route: string, message: string, data: JsonObject): JsonObject {
  const { id, status, action, runner, result = null, createdAt, startedAt, endedAt } = execution;
  return {
    execution_id: id,
    status,
    start_timestamp: pythonTime(startedAt ?? createdAt),
    end_timestamp: pythonTime(endedAt ?? createdAt),
    action_ref: action,
    runner_ref: runner,
    route,
    channel: route,
    message,
    data: { ...data, result: JSON.stringify(result) },
  };
}

async function renderTexts(value: Json, render: (text: string) => string | Promise<string>): Promise<Json> {
  if (typeof value === 'string') return /\{[{%]/.test(value) ? render(value) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => renderTexts(item, render)));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await renderTexts(item, render)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
