import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Execution, isCompleted, type OutputChunk } from '../contract/executions.ts';
import type { Client } from '../contract/rpc.ts';
import { COMMON_HEADERS } from './answer-request.ts';
import { asSt2Execution } from './shapes/execution.ts';

/** Bytes that may wait for a listener that reads too slowly; then it is cut off, and may come again. */
const MOST_WAITING = 8 * 1024 * 1024;
const HEARTBEAT_MS = 25_000;
/** What is told when nothing is asked for, as in StackStorm. */
const USUAL = ['st2.announcement__*', 'st2.execution__*', 'st2.liveaction__*'];

/** StackStorm's `/v1/stream`: what happens, as server-sent events, for as long as the listener stays. */
export function streamEvents(
  client: Client,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): void {
  const wanted = readWishes(query);
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'Content-Type': 'text/event-stream; charset=UTF-8',
    'X-Accel-Buffering': 'no',
  });
  response.write('\n');
  let order = Promise.resolve();
  const tell = (name: string, body: object) => {
    if (!wanted.event(name)) return;
    response.write(`event: ${name}\ndata: ${JSON.stringify(body)}\n\n`);
    if (response.writableLength > MOST_WAITING) response.destroy();
  };
  // One after the other, since each asks for its action first.
  const inOrder = (work: () => Promise<void>) => {
    order = order.then(work).catch(() => void response.destroy());
  };
  const heartbeat = setInterval(() => response.write('\n'), HEARTBEAT_MS);
  const stops = [
    client.executions.onChanged((execution) => {
      if (wanted.execution(execution.id, execution.action))
        inOrder(() => tellExecution(client, execution, wanted, tell, response));
    }),
    client.executions.onPrinted((chunk) => {
      if (wanted.event(OUTPUT) && wanted.execution(chunk.execution))
        inOrder(async () => tell(OUTPUT, await asOutput(client, chunk)));
    }),
    client.notifications.onAnnounced(({ route, payload }) => {
      inOrder(async () => tell(`st2.announcement__${route}`, { payload, trace_context: null }));
    }),
  ];
  response.once('close', () => {
    clearInterval(heartbeat);
    for (const stop of stops) stop();
    request.destroy();
  });
}

const OUTPUT = 'st2.execution.output__create';

type Wishes = {
  event(name: string): boolean;
  execution(id: string, action?: string): boolean;
  ends(name: string, execution: Execution): boolean;
};

function readWishes(query: URLSearchParams): Wishes {
  const list = (name: string) =>
    query
      .getAll(name)
      .flatMap((text) => text.split(','))
      .filter((text) => text !== '');
  const patterns = (list('events').length > 0 ? list('events') : USUAL).map(wildcard);
  const actions = list('action_refs');
  const executions = list('execution_ids');
  return {
    event: (name) => patterns.some((pattern) => pattern(name)),
    execution: (id, action) =>
      (executions.length === 0 || executions.includes(id)) &&
      (actions.length === 0 || action === undefined || actions.includes(action)),
    ends: (name, execution) =>
      name === query.get('end_event') &&
      execution.id === query.get('end_execution_id') &&
      isCompleted(execution.status),
  };
}

/** `*` alone, which is what listeners write. */
function wildcard(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  return (name) => {
    let at = 0;
    for (const [index, part] of parts.entries()) {
      const found = index === 0 ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return parts.at(-1) === '' || name.endsWith(parts.at(-1) ?? '');
  };
}

async function tellExecution(
  client: Client,
  execution: Execution,
  wanted: Wishes,
  tell: (name: string, body: object) => void,
  response: ServerResponse,
): Promise<void> {
  const verb = execution.status === 'requested' ? 'create' : 'update';
  const name = `st2.execution__${verb}`;
  const action = await client.actions.get({ ref: execution.action }).catch(() => undefined);
  const shown = asSt2Execution(execution, action);
  tell(name, shown);
  tell(`st2.liveaction__${verb}`, {
    ...shown.liveaction,
    result: shown.result,
    start_timestamp: shown.start_timestamp,
  });
  if (wanted.ends(name, execution)) response.end();
}

async function asOutput(client: Client, { execution: id, stream, text }: OutputChunk) {
  const { action, runner } = await client.executions.get({ id });
  return {
    id: randomUUID(),
    execution_id: id,
    action_ref: action,
    runner_ref: runner,
    timestamp: new Date().toISOString(),
    output_type: stream,
    data: text,
  };
}
