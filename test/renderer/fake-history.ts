import type { Execution, ExecutionStatus } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import type { RuleVerdict, TriggerInstance } from '../../main/contract/triggers.ts';

/** A morning's worth of events and of what came of them, newest last. */
export type FakeHistory = {
  readonly executions: Execution[];
  readonly instances: TriggerInstance[];
  readonly verdicts: Map<string, RuleVerdict[]>;
};

const GREET_RULE = ResourceRef.parse('examples.greet_new_file');
const ARCHIVE_RULE = ResourceRef.parse('default.file_issue');
const FILES = ['invoice-1042.pdf', 'notes.md', 'holiday.jpg', 'export.csv', 'backup.tar.gz'];

export function fakeHistory(now: number, length: number): FakeHistory {
  const history: FakeHistory = { executions: [], instances: [], verdicts: new Map() };
  for (let index = length; index > 0; index -= 1) {
    const at = now - index * index * 9_000 - index * 20_000;
    if (index % 5 === 0) addLoad(history, index, at);
    else if (index % 11 === 0) addRefused(history, index, at);
    else addFile(history, index, at);
  }
  return history;
}

function addFile(history: FakeHistory, index: number, at: number): void {
  const name = FILES[index % FILES.length] ?? 'file';
  const size = (index * 7919) % 90_000;
  const payload = { path: `/home/ada/Drop/${name}`, size };
  const id = fakeId('event', index);
  history.instances.push(instanceOf(id, 'examples.file_created', payload, at, 'sensor:examples.FolderSensor'));
  const status = index % 7 === 0 ? 'failed' : 'succeeded';
  const execution = greeting(fakeId('run', index), id, payload, at, status);
  history.executions.push(execution);
  if (index === 6) addParts(history, execution);
  history.verdicts.set(id, [
    { rule: GREET_RULE, matched: true, execution: execution.id },
    { rule: ARCHIVE_RULE, matched: false, stoppedAt: 'trigger.size', seen: size, expected: 1_000_000 },
  ]);
}

/** What an execution ran in its turn, one after the other. */
function addParts(history: FakeHistory, parent: Execution): void {
  const begun = Date.parse(parent.startedAt ?? parent.createdAt);
  const context = { ...parent.context, parent: parent.id };
  ['core.local', 'core.http', 'core.echo'].forEach((ref, index) => {
    const at = begun + index * 120;
    history.executions.push({
      id: `${parent.id}-${index + 1}`,
      action: ResourceRef.parse(ref),
      runner: 'local-shell-cmd',
      status: 'succeeded',
      parameters: { step: index + 1 },
      context,
      createdAt: new Date(at).toISOString(),
      startedAt: new Date(at + 30).toISOString(),
      endedAt: new Date(at + 110).toISOString(),
      result: { stdout: COLOURED, stderr: '', return_code: 0, succeeded: true, failed: false },
      steps: [],
    });
  });
}

const COLOURED =
  '\u001b[1mchecking\u001b[0m 3 files\n\u001b[32m✔ invoice\u001b[0m \u001b[2m12 ms\u001b[0m\n\u001b[31m✘ backup\u001b[0m \u001b[43mslow\u001b[0m\n';

function addLoad(history: FakeHistory, index: number, at: number): void {
  const id = fakeId('event', index);
  history.instances.push(
    instanceOf(id, 'examples.load', { one_minute: 0.42, cores: 8 }, at, 'sensor:examples.LoadSensor'),
  );
  history.verdicts.set(id, [
    {
      rule: ResourceRef.parse('default.warn_when_busy'),
      matched: false,
      stoppedAt: 'trigger.one_minute',
      seen: 0.42,
      expected: 6,
    },
  ]);
}

function addRefused(history: FakeHistory, index: number, at: number): void {
  const refused = instanceOf(fakeId('event', index), 'examples.file_moved', { path: '/tmp/x' }, at, 'cli');
  history.instances.push({
    ...refused,
    status: 'refused',
    problem: {
      severity: 'error',
      code: 'trigger/unknown',
      message: 'no installed pack has the trigger type `examples.file_moved`',
      hint: 'did you mean `examples.file_created`?',
    },
  });
}

export function instanceOf(
  id: string,
  trigger: string,
  payload: JsonObject,
  at: number,
  source: string,
): TriggerInstance {
  const instant = new Date(at).toISOString();
  return { id, trigger, payload, occurredAt: instant, receivedAt: instant, source, status: 'processed' };
}

export function greeting(
  id: string,
  event: string,
  payload: { path: string; size: number },
  at: number,
  status: ExecutionStatus,
): Execution {
  const started = { createdAt: new Date(at + 4).toISOString(), startedAt: new Date(at + 6).toISOString() };
  const context = { source: 'rule', rule: GREET_RULE, triggerInstance: event } as const;
  const action = ResourceRef.parse('examples.greet_file');
  const begun = { id, action, runner: 'python-script', status, parameters: payload, context, steps: [], ...started };
  if (status === 'running') return begun;
  const endedAt = new Date(at + 6 + (payload.size % 900)).toISOString();
  const ended = { ...begun, endedAt, isolation: 'forked' } as const;
  if (status === 'succeeded') {
    const text = `Hello ${payload.path}, you are ${Math.ceil(payload.size / 1000)} kB.`;
    return {
      ...ended,
      result: { result: text, stdout: `greeting ${payload.path}\n`, stderr: '', exit_code: 0 },
    };
  }
  return {
    ...ended,
    result: { result: null, stdout: '', stderr: TRACEBACK, exit_code: 1 },
    fault: { code: 'action/raised', kind: 'pack', message: 'FileNotFoundError: no such file', hint: 'see its stderr' },
  };
}

const TRACEBACK = `Traceback (most recent call last):
  File "greet_file.py", line 14, in run
    size = os.stat(path).st_size
FileNotFoundError: [Errno 2] No such file or directory
`;

/** Ids that sort as they were made, as the engine's do. */
export function fakeId(kind: string, index: number): string {
  return `${kind}-${String(100_000 - index)}`;
}

/** One page of what is there, newest first. */
export function page<T extends { id: string }>(
  rows: readonly T[],
  before: string | undefined,
  limit: number,
  admits: (row: T) => boolean,
) {
  const newestFirst = rows.filter(admits).reverse();
  const start = before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1;
  const items = newestFirst.slice(start, start + limit);
  const next = newestFirst.length > start + limit ? items.at(-1)?.id : undefined;
  return next === undefined ? { items, more: false } : { items, more: true, next };
}

export function lies(at: string, since: string | undefined, until: string | undefined): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}
