import type { Json, JsonObject } from '../../main/contract/json.ts';
import type { WorkflowEvaluator } from '../../main/expressions/workflow-evaluator.ts';
import { WorkflowExpressions } from '../../main/expressions/workflow-expressions.ts';
import type { Conductor, Decision, TaskEnd, TaskRun } from '../../main/workflows/conductor.ts';
import { orquestaConductor } from '../../main/workflows/orquesta/conduct.ts';
import type { OrquestaDefinition } from '../../main/workflows/orquesta/definition.ts';
import { inspectOrquesta } from '../../main/workflows/orquesta/inspect.ts';
import { type TestService, testService } from './expressions.ts';

export type Answer = { readonly status?: TaskEnd['status']; readonly result?: Json };

export type Rehearsed = {
  readonly input?: JsonObject;
  /** What the execution of a task gives; `nth` counts that task's from 0. Without one they succeed with what they were given. */
  readonly answer?: (run: TaskRun, nth: number) => Answer | undefined;
};

/**
 * Drives a workflow with an executor that runs nothing. Between every two decisions the conductor is thrown away and built
 * again from its state as JSON.
 */
export class Rehearsal {
  /** What was asked for and has not ended, in the order it was asked for. */
  readonly open: TaskRun[] = [];
  /** Every task that was ever asked for, as `task` or `task[item]`. */
  readonly started: string[] = [];
  readonly runs: TaskRun[] = [];
  decision: Decision = { run: [], status: 'running' };
  readonly #definition: OrquestaDefinition;
  readonly #evaluator: WorkflowEvaluator;
  readonly #options: Rehearsed;
  readonly #counts = new Map<string, number>();
  #state: string | undefined;
  #executions = 0;

  constructor(definition: OrquestaDefinition, evaluator: WorkflowEvaluator, options: Rehearsed = {}) {
    this.#definition = JSON.parse(JSON.stringify(definition));
    this.#evaluator = evaluator;
    this.#options = options;
  }

  get state(): JsonObject {
    return JSON.parse(this.#state ?? '{}');
  }

  get output(): Json {
    return this.decision.result?.output ?? null;
  }

  get errors(): string[] {
    const { errors } = this.decision.result ?? {};
    return Array.isArray(errors) ? errors.map((error) => String((error as JsonObject).message)) : [];
  }

  begin(): Promise<Decision> {
    return this.#decide((conductor) => conductor.begin());
  }

  pause(): Promise<Decision> {
    return this.#decide((conductor) => conductor.pause());
  }

  resume(): Promise<Decision> {
    return this.#decide((conductor) => conductor.resume());
  }

  cancel(): Promise<Decision> {
    return this.#decide((conductor) => conductor.cancel());
  }

  rerun(tasks?: readonly string[], reset = false): Promise<Decision> {
    return this.#decide((conductor) => conductor.rerun(tasks, reset));
  }

  /** Ends an open run: the first of the named task (`task` or `task[item]`), or the oldest. */
  async end(name?: string, answer?: Answer): Promise<Decision> {
    const run = this.open.find((one) => name === undefined || nameOf(one) === name || one.task === name);
    if (!run) throw new Error(`nothing of ${name} is open: ${this.open.map(nameOf).join(', ')}`);
    const nth = this.#counts.get(nameOf(run)) ?? 0;
    const { status = 'succeeded', result = run.parameters } = answer ?? this.#options.answer?.(run, nth) ?? {};
    if (status !== 'pending') {
      this.#counts.set(nameOf(run), nth + 1);
      this.open.splice(this.open.indexOf(run), 1);
    }
    this.#executions += 1;
    return this.tell({ key: run.key, execution: `e${this.#executions}`, status, result });
  }

  tell(end: TaskEnd): Promise<Decision> {
    return this.#decide((conductor) => conductor.onEnd(end));
  }

  /** Ends what is open, oldest first, until nothing is. */
  async finish(): Promise<Decision> {
    while (this.open.length > 0) await this.end();
    return this.decision;
  }

  async #decide(ask: (conductor: Conductor) => Promise<Decision>): Promise<Decision> {
    const conductor = orquestaConductor({
      definition: this.#definition,
      input: this.#options.input ?? {},
      context: { st2: { action_execution_id: 'x1', workflow_execution_id: 'w1', user: 'me' } },
      evaluator: this.#evaluator,
      ...(this.#state !== undefined && { state: JSON.parse(this.#state) }),
    });
    this.decision = await ask(conductor);
    this.#state = JSON.stringify(conductor.state);
    this.open.push(...this.decision.run);
    this.runs.push(...this.decision.run);
    this.started.push(...this.decision.run.map(nameOf));
    return this.decision;
  }
}

export function nameOf({ task, item }: TaskRun): string {
  return item === undefined ? task : `${task}[${item}]`;
}

/** A workflow that must be without problems, from all but its version. */
export async function workflow(text: string, evaluator: WorkflowEvaluator): Promise<OrquestaDefinition> {
  const { definition, problems } = await inspectOrquesta(`version: 1.0\n${text}`, 'workflow.yaml', evaluator);
  if (!definition || problems.length > 0) throw new Error(JSON.stringify(problems, null, 2));
  return definition;
}

async function rehearse(text: string, evaluator: WorkflowEvaluator, options?: Rehearsed): Promise<Rehearsal> {
  const rehearsal = new Rehearsal(await workflow(text, evaluator), evaluator, options);
  await rehearsal.begin();
  await rehearsal.finish();
  return rehearsal;
}

/** What a test file rehearses workflows with: one expressions service for all of its tests. */
export function rehearsals(options?: TestService) {
  const service = testService(options);
  const evaluator = new WorkflowExpressions(service);
  return {
    evaluator,
    service,
    /** Begun and run to its end. */
    run: (text: string, rehearsed?: Rehearsed) => rehearse(text, evaluator, rehearsed),
    /** Begun. */
    begin: async (text: string, rehearsed?: Rehearsed) => {
      const rehearsal = new Rehearsal(await workflow(text, evaluator), evaluator, rehearsed);
      await rehearsal.begin();
      return rehearsal;
    },
    end: () => service[Symbol.asyncDispose](),
  };
}
