import { StormletError } from '../contract/errors.ts';
import type { Execution, ExecutionSource, RerunRequest } from '../contract/executions.ts';
import type { Executions } from '../executions/executions.ts';
import type { ExecutionRequest, NewExecution } from '../executions/new-execution.ts';
import type { Store } from '../store/store.ts';
import type { WorkflowHost } from '../workflows/workflow-host.ts';
import { type PrepareSources, prepareExecution } from './prepare-execution.ts';
import { prepareRerun } from './prepare-rerun.ts';

export type SubmissionsDeps = {
  readonly sources: PrepareSources;
  readonly store: Store;
  readonly executions: Executions;
  readonly workflows: WorkflowHost;
};

/** What a person asks for, in the window or at a terminal: on disk before they are told that it was taken. */
export class Submissions {
  readonly #deps: SubmissionsDeps;

  constructor(deps: SubmissionsDeps) {
    this.#deps = deps;
  }

  /** Throws a `user` fault when the action is unknown or its parameters are wrong. */
  async submit(request: ExecutionRequest): Promise<Execution> {
    return this.#take(await prepareExecution(this.#deps.sources, request));
  }

  /** An execution that has ended, or still runs, once more. */
  async rerun(request: RerunRequest, source: ExecutionSource): Promise<Execution> {
    if (request.tasks) return this.#goOnFrom(request, request.tasks, source);
    const kept = this.#deps.store.executions.kept(request.id);
    if (!kept) {
      const message = `there is no execution \`${request.id}\``;
      throw new StormletError({ code: 'execution/unknown', kind: 'user', message });
    }
    return this.#take(await prepareRerun(this.#deps.sources, kept, request, source));
  }

  /** A workflow that is over, from some of its tasks. */
  async #goOnFrom(request: RerunRequest, tasks: readonly string[], source: ExecutionSource): Promise<Execution> {
    const { id, parameters, delay, reset } = request;
    if (Object.keys(parameters).length > 0 || delay !== undefined) {
      const message = 'a workflow that goes on from some of its tasks takes no other parameters and no delay';
      throw new StormletError({ code: 'workflow/rerun-refused', kind: 'user', message });
    }
    const begun = await this.#deps.workflows.rerun({ id, tasks, reset }, source);
    this.#deps.executions.enqueue(begun);
    return begun.execution;
  }

  async #take(prepared: NewExecution): Promise<Execution> {
    const { store, executions } = this.#deps;
    await store.groupCommit.run(() => executions.record(prepared));
    executions.enqueue(prepared);
    return prepared.execution;
  }
}
