import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Problem, StormletError, toFault } from '../contract/errors.ts';
import type { Execution } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ActionDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { WorkflowInspection } from '../contract/workflows.ts';
import type { Executions } from '../executions/executions.ts';
import { unknownAction } from '../executions/new-execution.ts';
import type { WorkflowEvaluator } from '../expressions/workflow-evaluator.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Pack } from '../packs/pack.ts';
import type { RunJob } from '../runners/runner.ts';
import type { Store } from '../store/store.ts';
import { actionChain } from '../workflows/action-chain/action-chain.ts';
import type { WorkflowLanguage } from '../workflows/conductor.ts';
import { orquesta } from '../workflows/orquesta/orquesta.ts';
import { WorkflowHost } from '../workflows/workflow-host.ts';
import type { WorkflowOutcome } from '../workflows/workflow-run.ts';
import { InheritedSecrets } from './inherited-secrets.ts';
import type { PrepareSources } from './prepare-execution.ts';
import { castForAction, prepareTask } from './prepare-task.ts';

/** Joins workflows with what runs their tasks. */
export type WorkflowParts = {
  readonly host: WorkflowHost;
  readonly inherited: InheritedSecrets;
  /** All that is wrong with a pack's workflows. */
  problems(pack: Pack): Promise<Problem[]>;
  /** The definition of an action as it is now. Throws for what is no workflow. */
  inspect(action: ResourceRef): Promise<WorkflowInspection>;
  /** For the workflows' runners. */
  run(runner: string, job: RunJob, signal: AbortSignal): Promise<WorkflowOutcome>;
};

export type WorkflowDeps = {
  readonly host: Host;
  readonly store: Store;
  readonly clock: Clock;
  readonly sources: PrepareSources;
  readonly evaluator: WorkflowEvaluator;
  /** Where a workflow finds StackStorm's API. */
  apiUrl(): string;
  executions(): Executions;
  onChange(execution: Execution): void;
};

export function buildWorkflows(deps: WorkflowDeps): WorkflowParts {
  const { host: app, store, clock, sources } = deps;
  const languages = new Map(buildLanguages(deps).map((language) => [language.runner, language]));
  const host = new WorkflowHost({
    workflows: store.workflows,
    executions: store.executions,
    groupCommit: store.groupCommit,
    clock,
    log: app.log.scope('workflows'),
    languages,
    prepare: (run, parent) => prepareTask(sources, inherited, run, parent),
    record: (task) => deps.executions().record(task),
    enqueue: (task) => deps.executions().enqueue(task),
    cancel: (id) => void deps.executions().cancel(id),
    onChange: (execution) => {
      deps.executions().setResting(execution.id, execution.status === 'paused');
      deps.onChange(execution);
    },
  });
  const inherited = new InheritedSecrets(
    sources,
    (id) => store.executions.get(id),
    (id) => host.given(id),
  );
  return {
    host,
    inherited,
    inspect: (ref) => inspect(sources, languages, ref),
    problems: async (pack) => {
      const workflows = pack.actions.filter(({ runner }) => languages.has(runner));
      const found = workflows.map(({ ref }) => inspect(sources, languages, ref));
      return (await Promise.all(found)).flatMap(({ problems }) => problems);
    },
    run: (runner, job, signal) => host.run(workflowJob(runner, job), signal),
  };
}

async function inspect(
  sources: PrepareSources,
  languages: ReadonlyMap<string, WorkflowLanguage>,
  ref: ResourceRef,
): Promise<WorkflowInspection> {
  const action = sources.action(ref);
  const pack = action && sources.pack(action.pack);
  if (!action || !pack) throw new StormletError(unknownAction(ref));
  const language = languages.get(action.runner);
  if (!language) throw noWorkflow(action);
  const file = path.join(pack.path, 'actions', action.entryPoint);
  try {
    const { value: graph, problems } = await language.examine({ file, text: await readFile(file, 'utf8') });
    return { problems: [...problems], ...(graph && { graph }) };
  } catch (error) {
    const { message } = toFault(error);
    return { problems: [{ severity: 'error', code: 'workflow/not-examined', message, file }] };
  }
}

function buildLanguages(deps: Pick<WorkflowDeps, 'sources' | 'evaluator' | 'apiUrl'>): WorkflowLanguage[] {
  const { sources, evaluator, apiUrl } = deps;
  const { renderer } = sources;
  return [
    orquesta({ evaluator, apiUrl, knowsAction: (ref) => sources.action(ref as ResourceRef) !== undefined }),
    actionChain({
      renderer,
      cast: (ref, parameters) => {
        const action = sources.action(ref as ResourceRef);
        return action && castForAction(sources, action, parameters);
      },
    }),
  ];
}

function workflowJob(runner: string, { execution, action, pack, entryPoint, parameters, runnerParameters }: RunJob) {
  return {
    execution,
    runner,
    pack: pack.ref,
    entryPoint,
    input: parameters,
    runnerParameters,
    config: pack.config,
    notify: action.notify as JsonObject | undefined,
  };
}

function noWorkflow({ ref, runner }: ActionDefinition): StormletError {
  return new StormletError({
    code: 'workflow/none',
    kind: 'user',
    message: `the action \`${ref}\` is no workflow: its runner is \`${runner}\``,
  });
}
