import type { Execution, ExecutionStep, OutputStream } from '../contract/executions.ts';
import type { Emit } from '../contract/rpc.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { Executions } from '../executions/executions.ts';
import type { Pack } from '../packs/pack.ts';
import type { Judgement, Stages } from '../pipeline.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import type { Store } from '../store/store.ts';
import type { Intake } from '../triggers/intake.ts';
import type { Announcer } from './announcer.ts';
import type { ApiDesk } from './api-desk.ts';
import type { DataFolders } from './data-folders.ts';
import type { InheritedSecrets } from './inherited-secrets.ts';
import { type JudgeSources, judge } from './judge.ts';
import type { LoopBreaker } from './loop-breaker.ts';
import type { PrepareSources } from './prepare-execution.ts';
import type { RuleBook } from './rule-book.ts';
import { runExecution } from './run-execution.ts';

export type StageParts = {
  readonly store: Store;
  readonly datastore: DatastoreFile;
  readonly folders: DataFolders;
  readonly sources: PrepareSources;
  readonly inherited: InheritedSecrets;
  readonly rules: RuleBook;
  readonly intake: Intake;
  readonly executions: Executions;
  readonly announcer: Announcer;
  readonly api: ApiDesk;
  readonly emit: Emit;
  readonly loops: Pick<LoopBreaker, 'admit'>;
  /** The interpreter for a pack's actions; undefined while its virtualenv is not there. */
  python(pack: Pack): Promise<string | undefined>;
  onPythonFailed(pack: Pack): void;
  consider(finished: Execution): Promise<void>;
};

/** Fills in each stage of the pipeline. */
export function joinStages(parts: StageParts): Stages {
  const { store, datastore, folders, sources, rules, executions, announcer, emit } = parts;
  const judging = {
    ...sources,
    rulesOn: (trigger: string) => rules.on(trigger),
    matching: matchingOf(sources, datastore),
  };
  const running = {
    ...sources,
    python: parts.python,
    packData: folders.packData,
    admit: (execution: string) => parts.api.admit(execution),
    inherited: parts.inherited,
    onPythonFailed: parts.onPythonFailed,
    onOutput: (execution: string, stream: OutputStream, text: string) => {
      const chunk = { execution, stream, text };
      executions.keepOutput(chunk);
      emit('executions.printed', chunk);
    },
    onSteps: (id: string, steps: readonly ExecutionStep[]) => {
      const changed = store.executions.setSteps(id, steps);
      if (changed) announcer.execution(changed);
    },
  };
  return {
    triggers: parts.intake,
    rules: { judge: async (instance) => parts.loops.admit(instance, await judge(judging, instance)) },
    history: { enforce: (instance, judgement) => enforce(parts, instance, judgement) },
    executions,
    runners: { run: (turn) => runExecution(running, turn) },
    notifications: { consider: parts.consider },
  };
}

/** What matching asks beside rules and events. */
export function matchingOf({ renderer }: PrepareSources, datastore: DatastoreFile): JudgeSources['matching'] {
  return { render: renderer.render.bind(renderer), readKey: (key) => datastore.read('system', key) };
}

/** Many events share one flush of the disk: one by one, a storm would wait for the disk and not for the rules. */
async function enforce(
  { store, executions: queue, emit }: StageParts,
  instance: TriggerInstance,
  { verdicts, executions }: Judgement,
): Promise<void> {
  await store.groupCommit.commit(() => {
    for (const execution of executions) queue.record(execution);
    store.triggerInstances.setVerdicts(instance.id, 'processed', verdicts);
  });
  emit('triggers.changed', { ...instance, status: 'processed' });
}
