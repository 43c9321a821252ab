import { z } from 'zod';
import type { Client } from '../../contract/rpc.ts';
import { attributes, Flag, listed, paging, pickAttributes, readFrom } from '../queries.ts';
import { route } from '../route.ts';
import { asSt2Trace, St2Trace, traceTag } from '../shapes/trace.ts';
import { refOf } from './actions.ts';

const Query = z.object({
  ...paging,
  ...attributes,
  trace_tag: z.string().optional(),
  execution: z.string().optional(),
  rule: z.string().optional(),
  trigger_instance: z.string().optional(),
  sort_asc: Flag.optional(),
  sort_desc: Flag.optional(),
});
type Query = z.output<typeof Query>;

export const traceRoutes = [
  route({
    method: 'GET',
    path: '/v1/traces',
    summary: 'List traces: all that followed from one event, or from one execution that somebody asked for.',
    query: Query,
    answer: z.array(St2Trace.partial()),
    async run({ query }, { client }) {
      const ids = await rootsOf(client, query);
      const page = query.limit < 0 ? ids.slice(query.offset) : ids.slice(query.offset, query.offset + query.limit);
      const found = await Promise.all(page.map((id) => client.traces.get({ id }).catch(() => undefined)));
      const items = found.flatMap((trace) => (trace ? [pickAttributes(asSt2Trace(trace), query)] : []));
      return listed(query.sort_asc ? items.toReversed() : items, ids.length, query.limit);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/traces/{id}',
    summary: 'Get a trace by what began it, or by any execution in it.',
    answer: St2Trace,
    run: async ({ params }, { client }) => ({ body: asSt2Trace(await client.traces.get({ id: params.id ?? '' })) }),
  }),
];

/** What began each, the newest first. */
async function rootsOf(client: Client, query: Query): Promise<string[]> {
  const one = query.trigger_instance ?? query.execution;
  if (one !== undefined) return rootOf(client, one);
  const all = { limit: query.limit < 0 ? -1 : query.limit + query.offset, offset: 0 };
  if (query.rule !== undefined) {
    const rule = refOf('Rule', query.rule);
    const ran = await readFrom((page) => client.executions.page({ rule, results: false, ...page }), all);
    return [...new Set(ran.flatMap(({ context }) => context.triggerInstance ?? []))];
  }
  return query.trace_tag === undefined ? allRoots(client, all) : rootsTagged(client, query.trace_tag, all);
}

async function rootOf(client: Client, id: string): Promise<string[]> {
  const trace = await client.traces.get({ id }).catch(() => undefined);
  return trace ? [asSt2Trace(trace).id] : [];
}

async function rootsTagged(client: Client, tag: string, all: { limit: number; offset: number }): Promise<string[]> {
  const made = /^(?:execution|trigger_instance)-(.+)$/.exec(tag)?.[1];
  const known = made === undefined ? [] : await rootOf(client, made);
  if (known.length > 0) return known;
  const found = await readFrom((page) => client.triggers.page({ text: tag, ...page }), all);
  return found.filter((event) => traceTag(event) === tag).map(({ id }) => id);
}

async function allRoots(client: Client, all: { limit: number; offset: number }): Promise<string[]> {
  const [events, executions] = await Promise.all([
    readFrom((page) => client.triggers.page(page), all),
    readFrom((page) => client.executions.page({ parent: null, results: false, ...page }), all),
  ]);
  const asked = executions.filter(({ context }) => context.triggerInstance === undefined);
  const roots = [
    ...events.map(({ id, receivedAt }) => ({ id, at: receivedAt })),
    ...asked.map(({ id, createdAt }) => ({ id, at: createdAt })),
  ];
  return roots.sort((a, b) => (a.at < b.at ? 1 : -1)).map(({ id }) => id);
}
