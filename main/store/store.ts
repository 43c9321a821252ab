import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StormletError } from '../contract/errors.ts';
import { ApiKeyTable } from './api-key-table.ts';
import { BusKeyTable } from './bus-key-table.ts';
import { DeliveryTable } from './delivery-table.ts';
import { ExecutionTable } from './execution-table.ts';
import { GroupCommit } from './group-commit.ts';
import { HaltedRuleTable } from './halted-rule-table.ts';
import { inTransaction } from './in-transaction.ts';
import { migrate } from './migrate.ts';
import { migrations, NUMBERED } from './migrations.ts';
import { NoticeTable } from './notice-table.ts';
import { type Pruned, type PrunedTable, pruneBatch, type Retention } from './prune.ts';
import type { Seal } from './seal.ts';
import { SharedFlush } from './shared-flush.ts';
import { TimerTable } from './timer-table.ts';
import { TriggerInstanceTable } from './trigger-instance-table.ts';
import { WorkflowTable } from './workflow-table.ts';

/**
 * History on disk: trigger instances with their verdicts, executions, workflows, notices. One file per table. Synchronous, as
 * node:sqlite is, so every statement here is short. It decides nothing.
 */
export interface Store extends Disposable {
  readonly triggerInstances: TriggerInstanceTable;
  readonly executions: ExecutionTable;
  readonly notices: NoticeTable;
  readonly timers: TimerTable;
  readonly busKeys: BusKeyTable;
  readonly apiKeys: ApiKeyTable;
  readonly workflows: WorkflowTable;
  readonly deliveries: DeliveryTable;
  readonly haltedRules: HaltedRuleTable;
  /** Many small writes share one disk flush; a promise resolves once its own write is on disk. */
  readonly groupCommit: GroupCommit;
  /** One short step of letting old rows go; see `prune.ts`. */
  prune(table: PrunedTable, retention: Retention, from: number, limit: number): Pruned;
  /** All of `work`, or nothing of it, is on disk when this returns. */
  transaction<T>(work: () => T): T;
}

/** `file` is a path or `:memory:`. Throws `store/unusable` with a hint when it cannot be opened. */
export function openStore(file: string, seal: Seal): Store {
  const database = openDatabase(file);
  const transaction = <T>(work: () => T): T => inTransaction(database, work);
  const log = file === ':memory:' ? undefined : new SharedFlush(`${file}-wal`);
  const groupCommit = new GroupCommit(
    (work) => withoutFlush(database, () => transaction(work)),
    () => log?.flush() ?? Promise.resolve(),
  );
  return {
    triggerInstances: new TriggerInstanceTable(database),
    executions: new ExecutionTable(database, seal),
    notices: new NoticeTable(database),
    timers: new TimerTable(database),
    busKeys: new BusKeyTable(database),
    apiKeys: new ApiKeyTable(database),
    workflows: new WorkflowTable(database, seal),
    deliveries: new DeliveryTable(database),
    haltedRules: new HaltedRuleTable(database),
    groupCommit,
    prune: (table, retention, from, limit) => pruneBatch(database, table, retention, from, limit),
    transaction,
    [Symbol.dispose]: () => {
      groupCommit.end();
      log?.[Symbol.dispose]();
      database.close();
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file);
    if (file !== ':memory:' && process.platform !== 'win32') chmodSync(file, 0o600);
    // FULL flushes the log at each commit: what was acknowledged survives a power cut, not just a crash.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;',
    );
    // The log goes into the file in larger steps than SQLite's own, each of which holds up the app for a moment.
    database.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8000');
    migrate(database, migrations);
    // A commit creates the log, and this one flushes its folder too: group commits flush nothing but the log itself.
    database.exec(`PRAGMA user_version = ${NUMBERED + 1}`);
    return database;
  } catch (error) {
    throw new StormletError(
      {
        code: 'store/unusable',
        kind: 'environment',
        message: `the history file cannot be used: ${file}: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'check that the folder is writable and the disk has room; move the file away to start with an empty history',
      },
      { cause: error },
    );
  }
}

/** The commit is in the log file when this returns, so safe from a crash of the app; the caller flushes that to the disk. */
function withoutFlush<T>(database: DatabaseSync, work: () => T): T {
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return work();
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}
