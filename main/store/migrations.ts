/** A step from one form of the history file to the next, known by its name. */
export type Migration = { readonly name: string; readonly sql: string };

/**
 * In the order in which they are made. A released one is never edited, renamed or moved, only followed by another: a file
 * says by name which it has, so two branches that each add one can be joined, and a file that has seen one gets the other.
 */
export const migrations: readonly Migration[] = [
  {
    name: 'events-and-executions',
    sql: `
    CREATE TABLE trigger_instances (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      trigger TEXT NOT NULL,
      payload TEXT NOT NULL,
      trace_tag TEXT,
      occurred_at TEXT NOT NULL,
      received_at TEXT NOT NULL,
      source TEXT NOT NULL,
      status TEXT NOT NULL,
      problem TEXT,
      verdicts TEXT NOT NULL DEFAULT '[]'
    ) STRICT;
    CREATE INDEX trigger_instances_pending ON trigger_instances (seq) WHERE status = 'pending';
    CREATE INDEX trigger_instances_trigger ON trigger_instances (trigger, seq);

    CREATE TABLE executions (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      action TEXT NOT NULL,
      runner TEXT NOT NULL,
      status TEXT NOT NULL,
      parameters TEXT NOT NULL,
      sealed_parameters TEXT,
      context TEXT NOT NULL,
      trigger_instance TEXT,
      created_at TEXT NOT NULL,
      started_at TEXT,
      ended_at TEXT,
      result TEXT,
      fault TEXT,
      steps TEXT NOT NULL DEFAULT '[]',
      pid INTEGER
    ) STRICT;
    CREATE INDEX executions_open ON executions (seq)
      WHERE status NOT IN ('succeeded', 'failed', 'timeout', 'abandoned', 'canceled');
    CREATE INDEX executions_action ON executions (action, seq);
    CREATE INDEX executions_trigger_instance ON executions (trigger_instance) WHERE trigger_instance IS NOT NULL;

    CREATE TABLE notices (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      at TEXT NOT NULL,
      level TEXT NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      source TEXT NOT NULL,
      execution TEXT
    ) STRICT;
    `,
  },
  {
    name: 'verdicts-by-rule-set',
    sql: `
    CREATE TABLE rule_sets (
      id INTEGER PRIMARY KEY,
      rules TEXT NOT NULL UNIQUE
    ) STRICT;
    ALTER TABLE trigger_instances ADD COLUMN rule_set INTEGER REFERENCES rule_sets (id);
    ALTER TABLE trigger_instances ADD COLUMN stops TEXT;
    `,
  },
  { name: 'isolation', sql: 'ALTER TABLE executions ADD COLUMN isolation TEXT' },
  {
    name: 'indexes-of-history',
    sql: `
    ALTER TABLE executions ADD COLUMN pack TEXT
      GENERATED ALWAYS AS (substr(action, 1, instr(action, '.') - 1)) VIRTUAL;
    ALTER TABLE executions ADD COLUMN rule TEXT GENERATED ALWAYS AS (json_extract(context, '$.rule')) VIRTUAL;
    ALTER TABLE executions ADD COLUMN parent TEXT GENERATED ALWAYS AS (json_extract(context, '$.parent')) VIRTUAL;
    CREATE INDEX executions_pack ON executions (pack, seq);
    CREATE INDEX executions_rule ON executions (rule, seq) WHERE rule IS NOT NULL;
    CREATE INDEX executions_parent ON executions (parent, seq) WHERE parent IS NOT NULL;
    CREATE INDEX executions_ended_badly ON executions (seq)
      WHERE status IN ('failed', 'timeout', 'abandoned', 'canceled');
    CREATE INDEX trigger_instances_in_trouble ON trigger_instances (seq)
      WHERE status IN ('processing_failed', 'refused');
    CREATE INDEX notices_execution ON notices (execution) WHERE execution IS NOT NULL;
    `,
  },
  { name: 'causes', sql: 'ALTER TABLE trigger_instances ADD COLUMN cause TEXT' },
  { name: 'timers', sql: 'CREATE TABLE timers (trigger TEXT PRIMARY KEY, due INTEGER) STRICT' },
  {
    name: 'bus-keys',
    sql: 'CREATE TABLE bus_keys (name TEXT PRIMARY KEY, hash TEXT NOT NULL, topics TEXT NOT NULL, created_at TEXT NOT NULL) STRICT',
  },
  {
    name: 'api-keys',
    sql: `
    CREATE TABLE api_keys (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      created_at TEXT NOT NULL,
      last_used_at TEXT,
      enabled INTEGER NOT NULL DEFAULT 1
    ) STRICT;
    `,
  },
  {
    // Where it queues, and why and for what it is delayed.
    name: 'lanes-and-delays',
    sql: `
    ALTER TABLE executions ADD COLUMN lane TEXT NOT NULL DEFAULT '';
    ALTER TABLE executions ADD COLUMN delay_reason TEXT;
    ALTER TABLE executions ADD COLUMN due_at TEXT;
    ALTER TABLE executions ADD COLUMN waits_for TEXT;
    UPDATE executions SET status = 'requested' WHERE status = 'delayed';
    CREATE INDEX executions_queued ON executions (lane, seq) WHERE status IN ('requested', 'scheduled');
    CREATE INDEX executions_due ON executions (due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX executions_held ON executions (waits_for, seq) WHERE waits_for IS NOT NULL;
    `,
  },
  {
    name: 'workflows',
    sql: `
    CREATE TABLE workflow_definitions (
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      file TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE workflows (
      execution TEXT PRIMARY KEY REFERENCES executions (id) ON DELETE CASCADE,
      definition INTEGER NOT NULL REFERENCES workflow_definitions (id),
      input TEXT NOT NULL,
      state TEXT NOT NULL,
      held INTEGER NOT NULL,
      rerun TEXT,
      outcome TEXT
    ) STRICT;
    `,
  },
  {
    name: 'deliveries',
    sql: `
    CREATE TABLE deliveries (
      publisher TEXT NOT NULL,
      packet INTEGER NOT NULL,
      digest TEXT NOT NULL,
      receipt TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (publisher, packet)
    ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'halted-rules',
    sql: 'CREATE TABLE halted_rules (rule TEXT PRIMARY KEY, why TEXT NOT NULL, at TEXT NOT NULL) STRICT',
  },
];

/** Files of before there were names say only how many they have: the first so many of these. */
export const NUMBERED = 10;
