import type { Execution, ExecutionStatus } from '../../main/contract/executions.ts';
import { type PackRef, ResourceRef, resourceRef } from '../../main/contract/refs.ts';
import type { TriggerInstance } from '../../main/contract/triggers.ts';
import { openStore } from '../../main/store/store.ts';
import { TEST_SEAL } from '../support/test-seal.ts';

/** Between two events: a hundred thousand of them are a month. */
const APART_MS = 25_000;

/**
 * Months of a machine at work, written where the app will look for its history: that many events, and an execution of a rule
 * for each, of the packs of `writeSmallPacks`. One in 25 failed, one in a hundred is a workflow's part.
 */
export function writeLongHistory(file: string, length: number, packs: number): void {
  using store = openStore(file, TEST_SEAL);
  const first = Date.now() - length * APART_MS;
  store.transaction(() => {
    for (let index = 0; index < length; index++) {
      const at = first + index * APART_MS;
      const pack = `small${index % packs}` as PackRef;
      const event = eventAt(index, pack, at);
      const execution = executionAt(index, pack, event.id, at);
      store.triggerInstances.insert(event);
      store.executions.insert(execution, execution.parameters);
      store.triggerInstances.setVerdicts(event.id, 'processed', {
        rules: [],
        stops: [],
        told: [{ rule: resourceRef(pack, 'on_event'), matched: true, execution: execution.id }],
      });
      finish(store.executions, execution, index, at);
    }
  });
}

function eventAt(index: number, pack: PackRef, at: number): TriggerInstance {
  const time = new Date(at).toISOString();
  return {
    id: `event-${index}`,
    trigger: resourceRef(pack, 'event'),
    payload: { path: `/home/ada/Drop/${FILES[index % FILES.length]}`, size: (index * 7919) % 90_000, index },
    occurredAt: time,
    receivedAt: time,
    source: `sensor:${pack}.FolderSensor`,
    status: 'pending',
  };
}

function executionAt(index: number, pack: PackRef, triggerInstance: string, at: number): Execution {
  const parent = index % 100 === 1 ? { parent: `run-${index - 1}` } : {};
  return {
    id: `run-${index}`,
    action: resourceRef(pack, index % 2 === 0 ? 'one' : 'two'),
    runner: 'local-shell-cmd',
    status: 'requested',
    parameters: { cmd: `describe ${FILES[index % FILES.length]} --number ${index}` },
    context: { source: 'rule', rule: ResourceRef.parse(`${pack}.on_event`), triggerInstance, ...parent },
    createdAt: new Date(at + 2).toISOString(),
    steps: [],
  };
}

function finish(table: ReturnType<typeof openStore>['executions'], { id }: Execution, index: number, at: number): void {
  const status: ExecutionStatus = index % 25 === 0 ? 'failed' : 'succeeded';
  table.move(id, ['requested'], status, {
    startedAt: new Date(at + 5).toISOString(),
    endedAt: new Date(at + 5 + (index % 400)).toISOString(),
    result: { stdout: LINES.repeat(1 + (index % 4)), stderr: '', return_code: status === 'failed' ? 1 : 0 },
  });
}

const FILES = ['invoice-1042.pdf', 'notes.md', 'holiday.jpg', 'export.csv', 'backup.tar.gz'];
const LINES = 'looked at the file\nfound nothing to do\nthis is what an action prints in a usual run\n';
