import { z } from 'zod';
import type { Execution, ExecutionFilter } from '../../contract/executions.ts';
import { DelayMs, ExecutionStatus, isCompleted, OutputStream } from '../../contract/executions.ts';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { ActionDefinition } from '../../contract/packs.ts';
import { ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import { AnyJson, AnyObject } from '../any-json.ts';
import { ApiFault, FaultBody } from '../faults.ts';
import { attributes, listed, Names, paging, pickAttributes, readFrom } from '../queries.ts';
import { route } from '../route.ts';
import { asSt2Execution, St2Execution } from '../shapes/execution.ts';

const Filter = z.object({
  ...paging,
  ...attributes,
  id: Names.optional(),
  action: ResourceRef.optional(),
  status: ExecutionStatus.optional(),
  /** `null`: only those that no other started. */
  parent: z.string().optional(),
  runner: z.string().optional(),
  rule: ResourceRef.optional(),
  trigger_instance: z.string().optional(),
  timestamp_gt: z.string().optional(),
  timestamp_lt: z.string().optional(),
  /** `FROM..TO` */
  timestamp: z.string().optional(),
});
const One = St2Execution.partial().required({ id: true });
const RunBody = z.looseObject({ action: ResourceRef, parameters: AnyObject.nullish(), delay: DelayMs.nullish() });
const RerunBody = z.looseObject({
  parameters: AnyObject.nullish(),
  /** Of a workflow: those that are to run again. */
  tasks: z.array(z.string()).nullish(),
  /** Those of them of which every item is to run again, not only what failed. */
  reset: z.array(z.string()).nullish(),
  delay: DelayMs.nullish(),
});

export const executionRoutes = [
  route({
    method: 'GET',
    path: '/v1/executions',
    summary: 'List executions, the newest first.',
    query: Filter,
    answer: z.array(One),
    async run({ query }, { client }) {
      if (query.id) return listed(await byIds(client, query.id, query), query.id.length, query.limit);
      const filter = filterOf(query);
      const [found, { count }] = await Promise.all([
        readFrom((page) => client.executions.page({ ...filter, ...page }), query),
        client.executions.count(filter),
      ]);
      const actions = await actionsByRef(client);
      const items = found.map((each) => pickAttributes(asSt2Execution(each, actions.get(each.action)), query));
      return listed(items, count, query.limit);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/executions',
    summary: 'Run an action.',
    body: RunBody,
    answer: St2Execution,
    status: 201,
    run: async ({ body }, { client }) => ({
      body: await shown(client, await runAction(client, body)),
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/executions/{id}',
    summary: 'Get an execution, with the ids of those that it started.',
    query: z.object({ ...attributes, max_result_size: z.coerce.number().int().positive().optional() }),
    answer: One,
    async run({ params, query }, { client }) {
      const execution = await client.executions.get({ id: idOf(params) });
      const children = await client.executions.page({ parent: execution.id, results: false, limit: 500 });
      const whole = { ...(await shown(client, execution)), children: children.items.map(({ id }) => id).reverse() };
      const isTooLong = query.max_result_size !== undefined && (whole.result_size ?? 0) > query.max_result_size;
      return { body: pickAttributes(isTooLong ? without(whole, 'result') : whole, query) };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/executions/{id}',
    summary: 'Cancel, pause or resume an execution, by the status that it is to have.',
    body: z.looseObject({ status: ExecutionStatus }),
    answer: St2Execution,
    async run({ params, body }, { client }) {
      const id = idOf(params);
      const execution = await client.executions.get({ id });
      const work = CHANGES[body.status];
      if (!work) throw new ApiFault(400, `\`${execution.action}\` cannot be made \`${body.status}\``);
      return { body: await shown(client, await client.executions[work]({ id })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/executions/{id}',
    summary: 'Cancel an execution.',
    answer: z.union([St2Execution, FaultBody]),
    async run({ params }, { client }) {
      const id = idOf(params);
      const execution = await client.executions.get({ id });
      // StackStorm answers so too, and with 200: there is nothing wrong with asking.
      if (isCompleted(execution.status)) return { body: { faultstring: 'Execution is already in completed state.' } };
      return { body: await shown(client, await client.executions.cancel({ id })) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/executions/{id}/re_run',
    summary: 'Run an action once more, with some parameters in the places of those before.',
    body: RerunBody,
    answer: St2Execution,
    status: 201,
    async run({ params, body }, { client }) {
      const { tasks, reset, delay } = body;
      const execution = await client.executions.rerun({
        id: idOf(params),
        parameters: (body.parameters ?? {}) as JsonObject,
        ...(tasks && tasks.length > 0 && { tasks, reset: tasks.every((task) => reset?.includes(task)) }),
        ...(delay && { delay }),
      });
      return { body: await shown(client, execution) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/executions/{id}/output',
    summary: 'What an execution printed, so far or in all.',
    query: z.object({ output_type: OutputStream.optional() }),
    answer: z.string(),
    isText: true,
    run: async ({ params, query }, { client }) => ({ body: await outputOf(client, idOf(params), query.output_type) }),
  }),
  route({
    method: 'GET',
    path: '/v1/executions/{id}/result',
    summary: 'The result of an execution alone.',
    answer: AnyJson,
    run: async ({ params }, { client }) => {
      const execution = await client.executions.get({ id: idOf(params) });
      return { body: asSt2Execution(execution, undefined).result ?? null };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/executions/{id}/attribute/{name}',
    summary: 'One part of an execution.',
    answer: AnyJson,
    async run({ params }, { client }) {
      const whole: JsonObject = (await shown(client, await client.executions.get({ id: idOf(params) }))) as JsonObject;
      const name = params.name ?? '';
      if (!Object.hasOwn(whole, name)) throw new ApiFault(404, `an execution has no \`${name}\``);
      return { body: whole[name] };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/executions/{id}/children',
    summary: 'The executions that an execution started, and those that they started.',
    query: z.object({ depth: z.coerce.number().int().min(-1).default(-1) }),
    answer: z.array(St2Execution),
    async run({ params, query }, { client }) {
      await client.executions.get({ id: idOf(params) });
      const actions = await actionsByRef(client);
      const found = await descendants(client, idOf(params), query.depth < 0 ? MOST_LEVELS : query.depth);
      return { body: found.map((each) => asSt2Execution(each, actions.get(each.action))) };
    },
  }),
];

/** What leads to the status that is asked for. */
const CHANGES: Partial<Record<ExecutionStatus, 'cancel' | 'pause' | 'resume'>> = {
  ...{ canceling: 'cancel', canceled: 'cancel' },
  ...{ pausing: 'pause', paused: 'pause' },
  ...{ resuming: 'resume', running: 'resume' },
};

const MOST_LEVELS = 32;

async function descendants(client: Client, parent: string, levels: number): Promise<Execution[]> {
  if (levels <= 0) return [];
  const children = await readFrom((page) => client.executions.page({ parent, ...page }), { limit: -1, offset: 0 });
  const below = await Promise.all(children.map(({ id }) => descendants(client, id, levels - 1)));
  return children.reverse().flatMap((child, index) => [child, ...(below[below.length - 1 - index] ?? [])]);
}

function idOf(params: Readonly<Record<string, string>>): string {
  return params.id ?? '';
}

function filterOf(query: z.output<typeof Filter>): Omit<ExecutionFilter, 'limit'> {
  const { action, status, parent, runner, rule, trigger_instance: triggerInstance } = query;
  const [from, to] = query.timestamp?.split('..') ?? [];
  const since = instant(query.timestamp_gt ?? from);
  const until = instant(query.timestamp_lt ?? to);
  return {
    ...(action !== undefined && { action }),
    ...(status !== undefined && { status: [status] }),
    ...(parent !== undefined && { parent: parent === 'null' ? null : parent }),
    ...(runner !== undefined && { runner }),
    ...(rule !== undefined && { rule }),
    ...(triggerInstance !== undefined && { triggerInstance }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

/** As the history has its instants. */
export function instant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new ApiFault(400, `\`${text}\` is no instant; write it as 2026-01-31T12:00:00.000Z`);
  return new Date(time).toISOString();
}

async function byIds(client: Client, ids: readonly string[], query: z.output<typeof Filter>) {
  const found = await Promise.all(ids.slice(0, 500).map((id) => client.executions.get({ id }).catch(() => undefined)));
  const actions = await actionsByRef(client);
  return found.flatMap((each) => (each ? [pickAttributes(asSt2Execution(each, actions.get(each.action)), query)] : []));
}

async function actionsByRef(client: Client): Promise<ReadonlyMap<string, ActionDefinition>> {
  return new Map((await client.actions.list()).map((action) => [action.ref, action]));
}

/** What is asked of an unknown action is a wrong request, not a wrong address. */
async function runAction(client: Client, { action, parameters, delay }: z.infer<typeof RunBody>): Promise<Execution> {
  const known = await client.actions.get({ ref: action }).catch(() => undefined);
  if (!known) throw new ApiFault(400, `Action "${action}" cannot be found.`);
  const given = (parameters ?? {}) as JsonObject;
  return client.executions.run({ action, parameters: given, ...(delay && { delay }) });
}

export async function shown(client: Client, execution: Execution): Promise<St2Execution> {
  return asSt2Execution(execution, await client.actions.get({ ref: execution.action }).catch(() => undefined));
}

function without<T extends object>(value: T, key: keyof T): T {
  const { [key]: _, ...rest } = value;
  return rest as T;
}

/** While it runs its pieces are kept; afterwards its result has them. */
async function outputOf(client: Client, id: string, wanted: OutputStream | undefined): Promise<string> {
  const { status, result } = await client.executions.get({ id });
  const streams = wanted ? [wanted] : OutputStream.options;
  if (isCompleted(status) && isJsonObject(result)) {
    return streams.map((stream) => textOf(result[stream])).join('');
  }
  const chunks = await client.executions.output({ id });
  return chunks
    .filter(({ stream }) => streams.includes(stream))
    .map(({ text }) => text)
    .join('');
}

/** A shell's output that was JSON is no text in its result. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
