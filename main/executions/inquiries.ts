import { describeParameterProblems } from '../contract/check-parameters.ts';
import { StormletError } from '../contract/errors.ts';
import type { Execution } from '../contract/executions.ts';
import { checkResponse, type Inquiry, inquiryFields } from '../contract/inquiries.ts';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import { maskSecrets } from '../contract/secret-values.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { ExecutionTable } from '../store/execution-table.ts';

/**
 * Executions that wait for a person's answer. What is asked is the execution's own record, so a question survives a
 * restart of the app, and its time goes on while the app does not run.
 */
export type InquiriesDeps = {
  readonly table: ExecutionTable;
  readonly clock: Clock;
  /** A question came, was answered, ran out of time or was canceled. */
  onChange(id: string): void;
  /** An execution ended here: by an answer, or by its time. */
  onEnd(execution: Execution): void;
};

/** A machine that slept wakes up late: the wall clock is looked at again at least this often. */
const LONGEST_WAIT_MS = 60_000;

export class Inquiries implements Disposable {
  readonly #deps: InquiriesDeps;
  /** Calls off the wait for the end of each open one's time. */
  readonly #open = new Map<string, () => void>();

  constructor(deps: InquiriesDeps) {
    this.#deps = deps;
  }

  /** Takes up what waited when the app ended. */
  start(): void {
    for (const inquiry of this.list()) this.#await(inquiry);
  }

  /** Told of every change of an execution. */
  follow(execution: Execution): void {
    const known = this.#open.has(execution.id);
    const inquiry = inquiryOf(execution);
    if ((inquiry !== undefined) === known) return;
    if (inquiry) this.#await(inquiry);
    else this.#forget(execution.id);
    this.#deps.onChange(execution.id);
  }

  /** The oldest first: it has waited longest. */
  list(): Inquiry[] {
    return this.#deps.table.inStatus(['pending']).flatMap(({ execution }) => inquiryOf(execution) ?? []);
  }

  get(id: string): Inquiry {
    const execution = this.#deps.table.get(id);
    const inquiry = execution && inquiryOf(execution);
    if (!inquiry) throw notOpen(id, execution);
    return inquiry;
  }

  /** Ends the execution with the answer. Throws, with all that is wrong, for one that the schema does not allow. */
  respond(id: string, response: JsonObject): Execution {
    const { schema } = this.get(id);
    const problems = checkResponse(schema, response);
    if (problems.length > 0) {
      throw new StormletError({
        code: 'inquiry/response-invalid',
        kind: 'user',
        message: `this is no answer to \`${id}\`: ${describeParameterProblems(problems)}`,
        hint: '`stormlet inquiry get` tells what it asks for',
        details: { problems: problems.map(({ path, message }) => ({ path, message })) },
      });
    }
    const before = this.#deps.table.get(id);
    const fields = inquiryFields(schema);
    const answer = {
      ...(isJsonObject(before?.result) ? before.result : {}),
      response: maskSecrets(fields, { ...defaultsOf(fields), ...response }),
    };
    const ended = this.#end(id, 'succeeded', answer);
    if (!ended) throw notOpen(id, before);
    return ended;
  }

  [Symbol.dispose](): void {
    for (const callOff of this.#open.values()) callOff();
    this.#open.clear();
  }

  #await(inquiry: Inquiry): void {
    const { id, expiresAt } = inquiry;
    this.#open.get(id)?.();
    if (expiresAt === undefined) {
      this.#open.set(id, () => {});
      return;
    }
    const left = Date.parse(expiresAt) - this.#deps.clock.now();
    const look = () => (left <= LONGEST_WAIT_MS ? this.#expire(id) : this.#await(inquiry));
    this.#open.set(id, this.#deps.clock.after(Math.max(0, Math.min(left, LONGEST_WAIT_MS)), look));
  }

  #expire(id: string): void {
    this.#end(id, 'timeout', undefined);
  }

  #end(id: string, status: 'succeeded' | 'timeout', result: JsonObject | undefined): Execution | undefined {
    const ended = this.#deps.table.move(id, ['pending'], status, { endedAt: isoTime(this.#deps.clock), result });
    if (ended) this.#deps.onEnd(ended);
    return ended;
  }

  #forget(id: string): void {
    this.#open.get(id)?.();
    this.#open.delete(id);
  }
}

/** A pending execution's record as the question that it is. */
function inquiryOf(execution: Execution): Inquiry | undefined {
  if (execution.status !== 'pending') return undefined;
  const { id, action, context, startedAt, createdAt } = execution;
  const { schema, route, users, roles, ttl } = isJsonObject(execution.result) ? execution.result : {};
  const minutes = typeof ttl === 'number' ? ttl : 0;
  const askedAt = startedAt ?? createdAt;
  const expiresAt = expiryOf(askedAt, minutes);
  return {
    id,
    action,
    context,
    schema: isJsonObject(schema) ? schema : {},
    route: typeof route === 'string' ? route : '',
    users: texts(users),
    roles: texts(roles),
    ttl: minutes,
    askedAt,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Undefined where it waits for ever, or for longer than a date can say. */
function expiryOf(askedAt: string, minutes: number): string | undefined {
  const at = new Date(Date.parse(askedAt) + minutes * 60_000);
  return minutes > 0 && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function defaultsOf(fields: ParameterSpecs): JsonObject {
  const given = Object.entries(fields).filter(([, spec]) => spec.default !== undefined);
  return Object.fromEntries(given.map(([name, spec]) => [name, spec.default ?? null]));
}

function notOpen(id: string, execution: Execution | undefined): StormletError {
  const message = execution
    ? `the execution \`${id}\` waits for no answer: it is ${execution.status}`
    : `there is no inquiry \`${id}\``;
  const hint = 'see the open ones with `stormlet inquiry list`';
  return new StormletError({ code: 'inquiry/not-open', kind: 'user', message, hint });
}
