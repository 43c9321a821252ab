import type { Execution } from '../contract/executions.ts';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { StoredKey } from '../contract/keys.ts';
import { nameOf, type ResourceRef } from '../contract/refs.ts';
import type { TriggerSettings } from '../contract/trigger-settings.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { pythonTime } from '../kit/python-time.ts';
import type { OwnEvent } from '../triggers/admit.ts';
import { type CauseSources, causeOf } from '../triggers/cause.ts';
import type { Intake } from '../triggers/intake.ts';

/**
 * What the app tells of itself, on StackStorm's own trigger types in the pack `core`. Most of it interests nobody, so it is
 * recorded only where a rule listens. A rule may well cause what it listens to; such a row of events has an end.
 */
export type InternalEventsDeps = {
  readonly intake: Pick<Intake, 'submit' | 'write' | 'takeUp'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly causes: CauseSources;
  settings(): TriggerSettings;
  /** Whether an enabled rule listens. */
  isHeard(trigger: string): boolean;
};

export type InternalEvent = {
  readonly trigger: ResourceRef;
  readonly payload: JsonObject;
  /** The execution that this is told of or that did it, where there is one. */
  readonly execution?: string | undefined;
  /** Of one id only the first is recorded; without one each is another. */
  readonly id?: string;
};

const NAMES = {
  action: 'core.st2.generic.actiontrigger',
  inquiry: 'core.st2.generic.inquiry',
  created: 'core.st2.key_value_pair.create',
  updated: 'core.st2.key_value_pair.update',
  changed: 'core.st2.key_value_pair.value_change',
  deleted: 'core.st2.key_value_pair.delete',
  spawned: 'core.st2.sensor.process_spawn',
  exited: 'core.st2.sensor.process_exit',
} as const satisfies Record<string, string>;

export class InternalEvents {
  readonly #deps: InternalEventsDeps;
  /** Of changes that are written and not told yet: the ids of their events. */
  readonly #written = new Map<string, readonly string[]>();

  constructor(deps: InternalEventsDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when the event is on disk, with undefined when no rule listens; rejects when it could not be written. The last
   * of too long a row is recorded as refused, so that it is seen why it goes no further.
   */
  async submit(event: InternalEvent): Promise<TriggerInstance | undefined> {
    return this.#deps.isHeard(event.trigger) ? this.#deps.intake.submit(this.#ownEvent(event)) : undefined;
  }

  /** Called within the write of each state of an execution: its end and the event of it are on disk together. */
  writeWith(execution: Execution): void {
    const events = [this.#questionOf(execution), this.#changeOf(execution)].filter((event) => event !== undefined);
    if (events.length === 0) return;
    const ids = events.map((event) => this.#deps.intake.write(this.#ownEvent(event)));
    this.#written.set(writtenKey(execution), ids);
  }

  /** Told of every change of an execution, once it is written. */
  execution(execution: Execution): void {
    const key = writtenKey(execution);
    for (const id of this.#written.get(key) ?? []) this.#deps.intake.takeUp(id);
    this.#written.delete(key);
  }

  /** `before` is the key as it was, `after` as it is; a secret one masked. `execution` is what changed it, where that is known. */
  key(before: ChangedKey | undefined, after: ChangedKey | undefined, execution?: string): void {
    const send = (name: keyof typeof NAMES, payload: JsonObject) =>
      this.#send({ trigger: NAMES[name] as ResourceRef, payload, execution });
    if (after) send(before ? 'updated' : 'created', { object: keyObject(after) });
    else if (before) send('deleted', { object: keyObject(before) });
    if (before && after && before.content !== after.content) {
      send('changed', { old_object: keyObject(before), new_object: keyObject(after) });
    }
  }

  sensorStarted(sensor: ResourceRef, pid: number, command: string): void {
    const payload = { id: nameOf(sensor), timestamp: this.#seconds(), pid, cmd: command };
    this.#send({ trigger: NAMES.spawned as ResourceRef, payload });
  }

  /** `exitCode` is null for one that a signal ended. */
  sensorEnded(sensor: ResourceRef, exitCode: number | null): void {
    const payload = { id: nameOf(sensor), timestamp: this.#seconds(), exit_code: exitCode };
    this.#send({ trigger: NAMES.exited as ResourceRef, payload });
  }

  #seconds(): number {
    return Math.floor(this.#deps.clock.now() / 1000);
  }

  /** A question waits. It is told whether a rule listens or not: questions are few, and belong to the history. */
  #questionOf({ id, status, result }: Execution): InternalEvent | undefined {
    if (status !== 'pending') return undefined;
    const route = isJsonObject(result) ? String(result.route ?? '') : '';
    return { id: `inquiry:${id}`, trigger: NAMES.inquiry as ResourceRef, payload: { id, route }, execution: id };
  }

  #changeOf(execution: Execution): InternalEvent | undefined {
    const { id, status, action, runner, parameters, result = null, startedAt, createdAt } = execution;
    if (!this.#deps.isHeard(NAMES.action) || !this.#deps.settings().actionStatuses.includes(status)) return undefined;
    const payload = {
      execution_id: id,
      status,
      start_timestamp: pythonTime(startedAt ?? createdAt),
      action_name: action,
      action_ref: action,
      runner_ref: runner,
      parameters,
      result,
    };
    return { id: `action:${id}:${status}`, trigger: NAMES.action as ResourceRef, payload, execution: id };
  }

  #ownEvent({ id, trigger, payload, execution }: InternalEvent): OwnEvent {
    const cause = execution === undefined ? undefined : causeOf(this.#deps.causes, execution);
    return { ...(id !== undefined && { id }), trigger, payload, source: 'engine', cause };
  }

  #send(event: InternalEvent): void {
    this.submit(event).catch((error) => {
      const { trigger } = event;
      this.#deps.log.error('an event of the app itself could not be recorded', { trigger, error });
    });
  }
}

function writtenKey({ id, status }: Execution): string {
  return `${id} ${status}`;
}

/** A key as it is shown, and what tells whether its value is another. */
export type ChangedKey = StoredKey & { readonly content: string };

/** As StackStorm's API shows a key. */
function keyObject({ name, scope, value, secret, expiresAt }: ChangedKey): JsonObject {
  return {
    uid: `key_value_pair:st2kv.${scope}:${name}`,
    name,
    scope: `st2kv.${scope}`,
    value,
    secret,
    encrypted: secret,
    ...(expiresAt !== undefined && { expire_timestamp: pythonTime(expiresAt) }),
  };
}
