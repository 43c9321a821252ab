import path from 'node:path';
import { z } from 'zod';
import { ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import { AnyObject } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { readPackFile } from '../pack-files.ts';
import { attributes, Names, pageOf, paging, pickAttributes } from '../queries.ts';
import { route } from '../route.ts';
import { asSt2Action, plainJson, St2Action } from '../shapes/action.ts';

const Filter = z.object({
  ...paging,
  ...attributes,
  id: Names.optional(),
  name: z.string().optional(),
  pack: z.string().optional(),
  runner_type: z.string().optional(),
});
const RunnerType = z.object({
  id: z.string(),
  uid: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  runner_module: z.string(),
  runner_parameters: AnyObject,
});

export const actionRoutes = [
  ...['/v1/actions', '/v1/actions/views/overview'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'List actions.',
      query: Filter,
      answer: z.array(St2Action.partial()),
      async run({ query }, { client }) {
        const { id, name, pack, runner_type: runner } = query;
        const found = (await client.actions.list()).filter(
          (action) =>
            (!id || id.includes(action.ref)) &&
            (name === undefined || action.name === name) &&
            (pack === undefined || action.pack === pack) &&
            (runner === undefined || action.runner === runner),
        );
        return pageOf(
          found.map((action) => pickAttributes(asSt2Action(action), query)),
          query,
        );
      },
    }),
  ),
  ...['/v1/actions/{ref}', '/v1/actions/views/overview/{ref}'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'Get an action.',
      answer: St2Action,
      run: async ({ params }, { client }) => ({ body: asSt2Action(await findAction(client, params.ref)) }),
    }),
  ),
  route({
    method: 'GET',
    path: '/v1/actions/views/parameters/{ref}',
    summary: 'The parameters of an action, with its runner’s.',
    answer: z.object({ parameters: AnyObject }),
    async run({ params }, { client, runnerTypes }) {
      const action = await findAction(client, params.ref);
      const runner = runnerTypes().find(({ name }) => name === action.runner);
      return { body: { parameters: plainJson({ ...runner?.parameters, ...action.parameters }) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/actions/views/entry_point/{ref}',
    summary: 'The text of the file that an action runs.',
    answer: z.string(),
    isText: true,
    async run({ params }, { client }) {
      const { ref, pack, entryPoint, file } = await findAction(client, params.ref);
      if (entryPoint === '') throw new ApiFault(404, `\`${ref}\` runs no file of its own`);
      const root = (await client.packs.get({ ref: pack })).path;
      const place = path
        .relative(root, path.join(path.dirname(file), entryPoint))
        .split(path.sep)
        .join('/');
      return { body: (await readPackFile(root, place)).content.toString('utf8') };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/runnertypes',
    summary: 'List runners.',
    query: z.object({ ...paging, name: z.string().optional() }),
    answer: z.array(RunnerType),
    run({ query }, { runnerTypes }) {
      const found = runnerTypes().filter(({ name }) => query.name === undefined || name === query.name);
      return pageOf(found.map(asRunnerType), query);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/runnertypes/{name}',
    summary: 'Get a runner.',
    answer: RunnerType,
    run({ params }, { runnerTypes }) {
      const found = runnerTypes().find(({ name }) => name === params.name);
      if (!found) throw new ApiFault(404, `there is no runner \`${params.name}\``);
      return { body: asRunnerType(found) };
    },
  }),
];

function asRunnerType({ name, parameters }: { readonly name: string; readonly parameters: object }) {
  return {
    id: name,
    uid: `runner_type:${name}`,
    name,
    description: '',
    enabled: true,
    runner_module: name.replaceAll('-', '_'),
    runner_parameters: plainJson(parameters),
  };
}

async function findAction(client: Client, given: string | undefined) {
  return client.actions.get({ ref: refOf('Action', given) });
}

/** What is no reference at all is found nowhere, as in StackStorm. */
export function refOf(what: string, given: string | undefined): ResourceRef {
  const parsed = ResourceRef.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ApiFault(404, `Resource with a reference or id "${given}" not found (${what})`);
}
