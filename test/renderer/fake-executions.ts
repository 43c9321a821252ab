import { describeParameterProblems, resolveParameters } from '../../main/contract/check-parameters.ts';
import { StormletError } from '../../main/contract/errors.ts';
import {
  type Execution,
  type ExecutionContext,
  isCompleted,
  type OutputChunk,
} from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { Notice } from '../../main/contract/notices.ts';
import type { ActionDefinition } from '../../main/contract/packs.ts';
import { packOf, type ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import { maskSecrets } from '../../main/contract/secret-values.ts';
import { lies, page } from './fake-history.ts';
import { found } from './fake-lists.ts';
import type { Script } from './fake-scripts.ts';

export type FakeExecutionsDeps = {
  readonly emit: Emit;
  /** Between two steps of a fake action. */
  readonly paceMs: number;
  action(ref: ResourceRef): ActionDefinition;
  scriptOf(ref: ResourceRef, values: JsonObject): Script;
  newId(): string;
};

/** Executions that go through a script, and the notices of their ends. */
export class FakeExecutions {
  readonly #deps: FakeExecutionsDeps;
  readonly rows: Execution[] = [];
  readonly notices: Notice[] = [];
  readonly #printed = new Map<string, OutputChunk[]>();

  constructor(deps: FakeExecutionsDeps) {
    this.#deps = deps;
  }

  readonly handlers: Handlers['executions'] = {
    run: ({ action, parameters }) => this.run(action, parameters),
    count: () => ({ count: this.rows.length }),
    rerun: ({ id, parameters }) => {
      const before = this.get(id);
      const context = { source: 'window', rerunOf: id } as const;
      return this.run(before.action, { ...before.parameters, ...parameters }, context);
    },
    page: ({ action, status, pack, rule, triggerInstance, since, until, text, before, limit }) =>
      page(
        this.rows,
        before,
        limit,
        (row) =>
          (!action || row.action === action) &&
          (!pack || packOf(row.action) === pack) &&
          (!rule || row.context.rule === rule) &&
          (!status || status.includes(row.status)) &&
          (!triggerInstance || row.context.triggerInstance === triggerInstance) &&
          lies(row.createdAt, since, until) &&
          (!text || JSON.stringify(row).toLowerCase().includes(text.toLowerCase())),
      ),
    get: ({ id }) => this.get(id),
    pause: ({ id }) => this.change(id, { status: 'paused' }),
    resume: ({ id }) => this.change(id, { status: 'running' }),
    children: ({ id }) => this.rows.filter(({ context }) => context.parent === id),
    cancel: ({ id }) => {
      const execution = this.get(id);
      return isCompleted(execution.status)
        ? execution
        : this.change(id, { status: 'canceled', endedAt: new Date().toISOString() });
    },
    output: ({ id }) => this.#printed.get(id) ?? [],
  };

  get(id: string): Execution {
    return found(
      this.rows.find((row) => row.id === id),
      `execution \`${id}\``,
    );
  }

  run(ref: ResourceRef, given: JsonObject, context: ExecutionContext = { source: 'window' }): Execution {
    const action = this.#deps.action(ref);
    const { values, problems } = resolveParameters(action.parameters, given);
    if (problems.length > 0)
      throw new StormletError({
        code: 'action/parameter-invalid',
        kind: 'user',
        message: describeParameterProblems(problems),
      });
    const now = new Date().toISOString();
    const execution: Execution = {
      id: this.#deps.newId(),
      action: ref,
      runner: action.runner,
      status: 'running',
      parameters: maskSecrets(action.parameters, values),
      context,
      createdAt: now,
      startedAt: now,
      steps: [],
    };
    this.begin(execution, this.#deps.scriptOf(ref, values));
    return execution;
  }

  begin(execution: Execution, script: Script): void {
    this.rows.push(execution);
    this.#deps.emit('executions.changed', execution);
    void this.#play(execution.id, script);
  }

  change(id: string, patch: Partial<Execution>): Execution {
    const index = this.rows.findIndex((row) => row.id === id);
    const changed = { ...found(this.rows[index], `execution \`${id}\``), ...patch };
    this.rows[index] = changed;
    this.#deps.emit('executions.changed', changed);
    return changed;
  }

  async #play(id: string, script: Script): Promise<void> {
    for (const beat of script.beats) {
      await new Promise((resolve) => setTimeout(resolve, this.#deps.paceMs));
      if (isCompleted(this.get(id).status)) return;
      if (beat.prints) this.#print({ execution: id, stream: beat.stream ?? 'stdout', text: beat.prints });
      if (beat.steps) this.change(id, { steps: beat.steps });
    }
    const stdout = (this.#printed.get(id) ?? []).map(({ text }) => text).join('');
    const result = { result: script.result, stdout, stderr: '', exit_code: 0 };
    const ended = this.change(id, { status: 'succeeded', endedAt: new Date().toISOString(), result });
    script.onEnd?.();
    this.#tell(ended, script.result);
  }

  #print(chunk: OutputChunk): void {
    this.#printed.set(chunk.execution, [...(this.#printed.get(chunk.execution) ?? []), chunk]);
    this.#deps.emit('executions.printed', chunk);
  }

  #tell(execution: Execution, result: string): void {
    const notice: Notice = {
      id: this.#deps.newId(),
      at: new Date().toISOString(),
      level: 'success',
      title: `${execution.action} succeeded`,
      body: result,
      source: execution.context.source,
      execution: execution.id,
    };
    this.notices.push(notice);
    this.#deps.emit('notifications.posted', notice);
  }
}
