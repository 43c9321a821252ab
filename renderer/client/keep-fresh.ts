import type { QueryClient } from '@tanstack/react-query';
import type { Execution } from '../../main/contract/executions.ts';
import type { Client } from '../../main/contract/rpc.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { admitsExecution, admitsInstance } from './history-filters.ts';
import { mergeRow, type Pages } from './merge-page.ts';
import { type ExecutionQuery, type InstanceQuery, LOG_LINES, type Queries } from './queries.ts';
import { refreshTraces } from './trace-freshness.ts';

/** Keeps everything that was read up to date from the engine's events; the pages only read. */
export function keepFresh(client: Client, queries: Queries, cache: QueryClient): () => void {
  const stale = (...keys: readonly (readonly string[])[]) => {
    for (const queryKey of keys) void cache.invalidateQueries({ queryKey });
  };
  const executions = new Burst<Execution>({
    write: (batch) => writeExecutions(cache, queries, batch),
    mayWrite: () => cache.isFetching({ queryKey: ['executions', 'page'] }) === 0,
  });
  const instances = new Burst<TriggerInstance>({
    write: (batch) => writeInstances(cache, batch),
    mayWrite: () => cache.isFetching({ queryKey: ['triggers', 'page'] }) === 0,
  });
  const ends = [
    client.engine.onChanged((status) => cache.setQueryData(queries.status().queryKey, status)),
    client.engine.onLogged((lines) => {
      cache.setQueryData(queries.log().queryKey, (known) => known && [...known, ...lines].slice(-LOG_LINES));
    }),
    client.packs.onChanged(() =>
      stale(
        ['packs'],
        ['files', 'of'],
        ['actions'],
        ['aliases'],
        ['workflows'],
        ['rules'],
        ['policies'],
        ['sensors'],
        ['triggers', 'types'],
      ),
    ),
    client.sensors.onChanged((sensor) => {
      cache.setQueryData(queries.sensors().queryKey, (listed) => listed && replaceSensor(listed, sensor));
    }),
    client.sensors.onPrinted(({ ref, lines }) => {
      const { queryKey } = queries.sensorLog(ref);
      cache.setQueryData(queryKey, (known) => known && addLines(known, lines));
    }),
    client.rules.onChanged(() => stale(['rules'], ['packs', 'get'])),
    client.policies.onChanged(() => stale(['policies'])),
    client.inquiries.onChanged(() => stale(['inquiries'])),
    client.keys.onChanged(() => stale(['keys'], ['packs', 'config'])),
    client.settings.onChanged((settings) => cache.setQueryData(queries.settings().queryKey, settings)),
    client.notifications.onPosted((notice) => {
      cache.setQueryData(queries.notices().queryKey, (listed) => [notice, ...(listed ?? [])]);
    }),
    client.executions.onChanged((execution) => executions.add(execution)),
    client.triggers.onChanged((instance) => instances.add(instance)),
  ];
  return () => {
    executions.stop();
    instances.stop();
    for (const end of ends) end();
  };
}

/** What was printed just before the log was read is in it already. */
function addLines(known: readonly string[], lines: readonly string[]): string[] {
  const last = new Set(known.slice(-lines.length));
  return [...known, ...lines.filter((line) => !last.has(line))].slice(-SENSOR_LINES);
}

/** Lines of a sensor's log that a window holds on to. */
const SENSOR_LINES = 1000;

function replaceSensor(listed: SensorStatus[], sensor: SensorStatus): SensorStatus[] {
  const index = listed.findIndex(({ ref }) => ref === sensor.ref);
  const known = listed[index];
  if (!known) return [...listed, sensor];
  // What a process uses is told only to who asks, and stays true for a while.
  const usage = known.pid === sensor.pid ? known.usage : undefined;
  return listed.with(index, { ...sensor, ...(usage && { usage }) });
}

function writeExecutions(cache: QueryClient, queries: Queries, batch: readonly Execution[]): void {
  for (const execution of batch) {
    cache.setQueryData(queries.execution(execution.id).queryKey, execution);
    const { parent } = execution.context;
    if (parent) void cache.invalidateQueries({ queryKey: ['executions', 'children', parent] });
    if (execution.context.triggerInstance) {
      void cache.invalidateQueries({ queryKey: ['triggers', 'get', execution.context.triggerInstance] });
    }
  }
  refreshTraces(cache, batch);
  for (const { queryKey } of cache.getQueryCache().findAll({ queryKey: ['executions', 'page'] })) {
    const filter = queryKey[2] as ExecutionQuery;
    cache.setQueryData<Pages<Execution>>(queryKey, (pages) =>
      batch.reduce((merged, row) => merged && mergeRow(merged, row, admitsExecution(filter, row), byCreation), pages),
    );
  }
}

function byCreation(row: Execution): string {
  return row.createdAt;
}

function writeInstances(cache: QueryClient, batch: readonly TriggerInstance[]): void {
  for (const { id } of batch) {
    void cache.invalidateQueries({ queryKey: ['triggers', 'get', id] });
    void cache.invalidateQueries({ queryKey: ['traces', 'get', id] });
  }
  for (const { queryKey } of cache.getQueryCache().findAll({ queryKey: ['triggers', 'page'] })) {
    const filter = queryKey[2] as InstanceQuery;
    cache.setQueryData<Pages<TriggerInstance>>(queryKey, (pages) =>
      batch.reduce((merged, row) => merged && mergeRow(merged, row, admitsInstance(filter, row), byReceipt), pages),
    );
  }
}

function byReceipt(row: TriggerInstance): string {
  return row.receivedAt;
}

const BURST_MS = 60;

type BurstDeps<T> = {
  readonly write: (batch: readonly T[]) => void;
  /** A page that is being read would overwrite what is merged meanwhile. */
  readonly mayWrite: () => boolean;
};

/** Events come by the hundred; the lists are rewritten once for all that came within a moment, the last state of each. */
class Burst<T extends { readonly id: string }> {
  readonly #deps: BurstDeps<T>;
  #waiting = new Map<string, T>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: BurstDeps<T>) {
    this.#deps = deps;
  }

  add(row: T): void {
    this.#waiting.set(row.id, row);
    this.#timer ??= this.#soon();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #soon(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#flush(), BURST_MS);
  }

  #flush(): void {
    this.#timer = this.#deps.mayWrite() ? undefined : this.#soon();
    if (this.#timer !== undefined) return;
    const batch = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#deps.write(batch);
  }
}
