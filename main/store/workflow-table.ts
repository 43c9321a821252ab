import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StormletError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import { type Row, text, textOrUndefined } from './rows.ts';
import type { Seal } from './seal.ts';

/** A workflow's run, beside its execution: all that it needs to go on after a restart, or to be run on from a task. */
export type KeptWorkflow = {
  readonly definition: KeptDefinition;
  /** The action's own parameters and its runner's, as they were when it began. */
  readonly input: JsonObject;
  readonly runnerParameters: JsonObject;
} & WorkflowProgress;

/** What changes with every decision. */
export type WorkflowProgress = {
  readonly state: JsonObject;
  /** A person had it paused. */
  readonly held: boolean;
  /** It has not begun: it is to go on from where an earlier one, whose state it has, was over. */
  readonly rerun?: JsonObject | undefined;
  /** It is over, and its execution has not been told yet. */
  readonly outcome?: JsonObject | undefined;
};

export type KeptDefinition = { readonly file: string; readonly text: string };

/**
 * Sealed but for the definition: a state holds what the workflow's secrets became. One definition is kept once, however
 * many workflows ran by it.
 */
export class WorkflowTable {
  readonly #database: DatabaseSync;
  readonly #seal: Seal;
  readonly #update: StatementSync;

  constructor(database: DatabaseSync, seal: Seal) {
    this.#database = database;
    this.#seal = seal;
    this.#update = database.prepare(
      'UPDATE workflows SET state = ?, held = ?, rerun = ?, outcome = ? WHERE execution = ?',
    );
  }

  insert(execution: string, workflow: KeptWorkflow): void {
    const { input, runnerParameters, definition } = workflow;
    const { state, held, rerun, outcome } = this.#columns(workflow);
    this.#database
      .prepare(
        'INSERT INTO workflows (execution, definition, input, state, held, rerun, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        execution,
        this.#definitionId(definition),
        this.#sealed({ input, runnerParameters }),
        state,
        held,
        rerun,
        outcome,
      );
  }

  save(execution: string, progress: WorkflowProgress): void {
    const { state, held, rerun, outcome } = this.#columns(progress);
    this.#update.run(state, held, rerun, outcome, execution);
  }

  /** Undefined where there is none. Throws when the seal's key was lost: it must not begin once more for that. */
  get(execution: string): KeptWorkflow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM workflows JOIN workflow_definitions ON id = definition WHERE execution = ?')
      .get(execution);
    if (!row) return undefined;
    const [given, state] = [this.#opened(row, 'input'), this.#opened(row, 'state')];
    if (!given || !state) throw keyLost();
    return {
      definition: { file: text(row, 'file'), text: text(row, 'text') },
      input: given.input as JsonObject,
      runnerParameters: given.runnerParameters as JsonObject,
      state,
      held: row.held === 1,
      rerun: this.#opened(row, 'rerun'),
      outcome: this.#opened(row, 'outcome'),
    };
  }

  #columns({ state, held, rerun, outcome }: WorkflowProgress) {
    return {
      state: this.#sealed(state),
      held: held ? 1 : 0,
      rerun: rerun ? this.#sealed(rerun) : null,
      outcome: outcome ? this.#sealed(outcome) : null,
    };
  }

  #definitionId({ file, text: definition }: KeptDefinition): number {
    const digest = createHash('sha256').update(`${file}\n${definition}`).digest('base64');
    this.#database
      .prepare('INSERT INTO workflow_definitions (digest, file, text) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING')
      .run(digest, file, definition);
    return Number(this.#database.prepare('SELECT id FROM workflow_definitions WHERE digest = ?').get(digest)?.id);
  }

  #sealed(value: JsonObject): string {
    return this.#seal.seal(JSON.stringify(value));
  }

  #opened(row: Row, column: string): JsonObject | undefined {
    const sealed = textOrUndefined(row, column);
    const plain = sealed === undefined ? undefined : this.#seal.open(sealed);
    return plain === undefined ? undefined : (JSON.parse(plain) as JsonObject);
  }
}

function keyLost(): StormletError {
  return new StormletError({
    code: 'workflow/key-lost',
    kind: 'environment',
    message: 'what the workflow had come to cannot be read any more: the key file was replaced',
    hint: 'run it again if that is safe',
  });
}
