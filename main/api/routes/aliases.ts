import { RE2JS } from 're2js';
import { z } from 'zod';
import type { AliasDefinition, AliasRunRequest } from '../../contract/aliases.ts';
import { AliasText } from '../../contract/aliases.ts';
import { nameOf } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import { ApiFault } from '../faults.ts';
import { attributes, pageOf, paging, pickAttributes } from '../queries.ts';
import { route } from '../route.ts';
import { asSt2Alias, St2Alias } from '../shapes/alias.ts';
import { St2Execution } from '../shapes/execution.ts';
import { shown } from './executions.ts';

const Started = z.object({ execution: St2Execution, actionalias: St2Alias, message: z.string().optional() });
const Command = z.looseObject({ command: AliasText });

export const aliasRoutes = [
  route({
    method: 'GET',
    path: '/v1/actionalias',
    summary: 'List action aliases.',
    query: z.object({ ...paging, ...attributes, name: z.string().optional(), pack: z.string().optional() }),
    answer: z.array(St2Alias.partial()),
    async run({ query }, { client }) {
      const found = (await client.aliases.list()).filter(
        ({ name, pack }) =>
          (query.name === undefined || query.name === name) && (query.pack === undefined || query.pack === pack),
      );
      return pageOf(
        found.map((alias) => pickAttributes(asSt2Alias(alias), query)),
        query,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/actionalias/help',
    summary: 'What can be said.',
    query: z.object({
      filter: z.string().max(500).default(''),
      pack: z.string().default(''),
      limit: z.coerce.number().int().min(0).default(0),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    answer: z.object({
      available: z.number().int(),
      helpstrings: z.array(z.object({ pack: z.string(), display: z.string(), description: z.string() })),
    }),
    async run({ query }, { client }) {
      const said = helpOf(await client.aliases.list(), query.pack, query.filter);
      const end = query.limit > 0 ? query.offset + query.limit : undefined;
      return { body: { available: said.length, helpstrings: said.slice(query.offset, end) } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/actionalias/match',
    summary: 'Find the one alias that a sentence fits.',
    body: Command,
    answer: z.object({ actionalias: St2Alias, display: z.string(), representation: z.string() }),
    async run({ body }, { client }) {
      const matches = await client.aliases.match({ text: body.command });
      const [first] = matches;
      if (!first) throw new ApiFault(400, `Command '${body.command}' matched no patterns`);
      if (matches.length > 1) throw new ApiFault(400, `Command '${body.command}' matched more than 1 pattern`);
      const { display, representation } = first;
      return { body: { actionalias: asSt2Alias(await findAlias(client, first.alias)), display, representation } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/actionalias/{ref}',
    summary: 'Get an action alias.',
    answer: St2Alias,
    run: async ({ params }, { client }) => ({ body: asSt2Alias(await findAlias(client, params.ref ?? '')) }),
  }),
  route({
    method: 'POST',
    path: '/v1/aliasexecution',
    summary: 'Run what a sentence says, by an alias and a format of it.',
    body: z.looseObject({ command: AliasText, name: z.string(), format: z.string() }),
    answer: Started,
    status: 201,
    async run({ body }, { client }) {
      const { ref } = await findAlias(client, body.name);
      const [started] = await start(client, { text: body.command, alias: ref, representation: body.format });
      if (!started) throw new ApiFault(400, `Command '${body.command}' matched no patterns`);
      return { body: started };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/aliasexecution/match_and_execute',
    summary: 'Run what a sentence says, by whichever alias it fits.',
    body: Command,
    answer: z.object({ results: z.array(Started) }),
    status: 201,
    run: async ({ body }, { client }) => ({ body: { results: await start(client, { text: body.command }) } }),
  }),
];

async function start(client: Client, request: AliasRunRequest): Promise<z.infer<typeof Started>[]> {
  const { alias, executions, message } = await client.aliases.run(request);
  const actionalias = asSt2Alias(await findAlias(client, alias));
  return Promise.all(
    executions.map(async (execution) => ({
      execution: await shown(client, execution),
      actionalias,
      ...(message !== '' && { message }),
    })),
  );
}

/** By its ref, or, as chats name it, by its name alone. */
async function findAlias(client: Client, given: string): Promise<AliasDefinition> {
  const aliases = await client.aliases.list();
  const found = aliases.find(({ ref }) => ref === given) ?? aliases.find(({ ref }) => nameOf(ref) === given);
  if (found) return found;
  throw new ApiFault(404, `Unable to identify action alias with name "${given}".`);
}

function helpOf(aliases: readonly AliasDefinition[], pack: string, filter: string) {
  const fits = filterOf(filter);
  return aliases
    .filter((alias) => alias.enabled && (pack === '' || alias.pack === pack))
    .flatMap((alias) =>
      alias.formats
        .filter(({ display }) => display !== '' && fits(display))
        .map(({ display }) => ({ pack: alias.pack, display, description: alias.description })),
    );
}

/** A regular expression, which cannot hang here; what is none is looked for as it stands. */
function filterOf(filter: string): (text: string) => boolean {
  try {
    const pattern = RE2JS.compile(filter, RE2JS.CASE_INSENSITIVE);
    return (text) => pattern.test(text);
  } catch {
    return (text) => text.toLowerCase().includes(filter.toLowerCase());
  }
}
