import { z } from 'zod';
import type { CatalogueHit } from '../../contract/catalogue.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { PackDetail, PackSummary } from '../../contract/packs.ts';
import { PackRef, ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import { AnyObject } from '../any-json.ts';
import { ApiFault } from '../faults.ts';
import { attributes, pageOf, paging, pickAttributes } from '../queries.ts';
import { route } from '../route.ts';
import { plainJson } from '../shapes/action.ts';

const St2Pack = z.object({
  id: z.string(),
  ref: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string(),
  author: z.string(),
  path: z.string().optional(),
  keywords: z.array(z.string()).optional(),
});
const Hit = St2Pack.omit({ id: true, path: true }).extend({ repo_url: z.string().optional() });
const Started = z.object({ execution_id: z.string() });
const Config = z.object({ id: z.string(), pack: z.string(), values: AnyObject });
const ConfigSchema = z.object({ id: z.string(), pack: z.string(), attributes: AnyObject });
const nameAndPage = z.object({ ...paging, name: z.string().optional(), pack: z.string().optional() });

export const packRoutes = [
  route({
    method: 'GET',
    path: '/v1/packs',
    summary: 'List installed packs.',
    query: z.object({ ...paging, ...attributes, name: z.string().optional(), ref: z.string().optional() }),
    answer: z.array(St2Pack.partial()),
    async run({ query }, { client }) {
      const found = (await client.packs.list()).filter(
        ({ name, ref }) =>
          (query.name === undefined || query.name === name) && (query.ref === undefined || query.ref === ref),
      );
      return pageOf(
        found.map((pack) => pickAttributes(asSt2Pack(pack), query)),
        query,
      );
    },
  }),
  route({
    method: 'POST',
    path: '/v1/packs/install',
    summary: 'Install packs, by name or address.',
    body: z.looseObject({
      packs: z.array(z.string()).min(1),
      force: z.boolean().nullish(),
      skip_dependencies: z.boolean().nullish(),
    }),
    answer: Started,
    status: 202,
    run: ({ body }, { client }) =>
      start(client, 'packs.install', {
        packs: body.packs,
        ...(body.force && { force: true }),
        ...(body.skip_dependencies && { skip_dependencies: true }),
      }),
  }),
  route({
    method: 'POST',
    path: '/v1/packs/uninstall',
    summary: 'Remove packs.',
    body: z.looseObject({ packs: z.array(z.string()).min(1) }),
    answer: Started,
    status: 202,
    run: ({ body }, { client }) => start(client, 'packs.uninstall', { packs: body.packs }),
  }),
  route({
    method: 'POST',
    path: '/v1/packs/register',
    summary: 'How much of the packs is taken in. Their files are watched, so there is nothing to be done for it.',
    body: z.looseObject({ packs: z.array(z.string()).nullish() }),
    answer: z.record(z.string(), z.number()),
    async run({ body }, { client }) {
      const packs = (await client.packs.list()).filter(({ ref }) => !body.packs || body.packs.includes(ref));
      const sum = (key: keyof PackSummary['counts']) => packs.reduce((total, { counts }) => total + counts[key], 0);
      return {
        body: { actions: sum('actions'), sensors: sum('sensors'), rules: sum('rules'), triggers: sum('triggers') },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/packs/index',
    summary: 'The packs that can be installed by name.',
    answer: z.object({ status: z.array(AnyObject), index: z.record(z.string(), Hit) }),
    async run(_, { client }) {
      const { hits, catalogues } = await client.packs.catalogue({ search: '', limit: 500 });
      const index = Object.fromEntries(hits.map((hit) => [hit.ref, asHit(hit)]));
      return { body: { status: catalogues.map(plainJson), index } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/packs/index/health',
    summary: 'The catalogues, and what is wrong with them.',
    answer: z.object({
      packs: z.object({ count: z.number() }),
      indexes: z.object({ count: z.number(), valid: z.number(), status: z.array(AnyObject) }),
    }),
    async run(_, { client }) {
      const { total, catalogues } = await client.packs.catalogue({ search: '', limit: 1 });
      const valid = catalogues.filter(({ problem }) => problem === undefined).length;
      const indexes = { count: catalogues.length, valid, status: catalogues.map(plainJson) };
      return { body: { packs: { count: total }, indexes } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/packs/index/search',
    summary: 'Search the catalogues: many by a query, one by its name.',
    body: z.looseObject({ query: z.string().nullish(), pack: z.string().nullish() }),
    answer: z.union([z.array(Hit), Hit, z.null()]),
    async run({ body }, { client }) {
      const search = body.query ?? body.pack;
      if (search === undefined || search === null) throw new ApiFault(400, 'Either a `query` or a `pack` is needed.');
      const { hits } = await client.packs.catalogue({ search, limit: 500 });
      if (typeof body.query === 'string') return { body: hits.map(asHit) };
      const one = hits.find(({ ref, name }) => ref === search || name === search);
      return { body: one ? asHit(one) : null };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/packs/{ref}',
    summary: 'Get an installed pack.',
    answer: St2Pack,
    async run({ params }, { client }) {
      const detail = await client.packs.get({ ref: packRef(params.ref) });
      return { body: { ...asSt2Pack(detail), keywords: (detail as PackDetail).keywords } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/configs',
    summary: 'List the configurations of packs, secrets masked.',
    query: nameAndPage,
    answer: z.array(Config),
    async run({ query }, { client }) {
      const refs = (await client.packs.list()).map(({ ref }) => ref).filter(wanted(query));
      const configs = await Promise.all(refs.map((ref) => client.packs.config({ ref })));
      const present = configs.filter(({ exists }) => exists).map(({ ref, values }) => ({ id: ref, pack: ref, values }));
      return pageOf(present, query);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/configs/{ref}',
    summary: 'Get the configuration of a pack, secrets masked.',
    answer: Config,
    async run({ params }, { client }) {
      const { ref, exists, values } = await client.packs.config({ ref: packRef(params.ref) });
      if (!exists) throw new ApiFault(404, `Unable to identify resource with pack_ref "${ref}".`);
      return { body: { id: ref, pack: ref, values } };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/configs/{ref}',
    summary: 'Replace the configuration of a pack.',
    body: AnyObject,
    answer: Config,
    async run({ params, body }, { client }) {
      const ref = packRef(params.ref);
      const { values } = await client.packs.saveConfig({ ref, values: body as JsonObject });
      return { body: { id: ref, pack: ref, values } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/config_schemas',
    summary: 'List the configuration schemas of packs.',
    query: nameAndPage,
    answer: z.array(ConfigSchema),
    async run({ query }, { client }) {
      const refs = (await client.packs.list()).map(({ ref }) => ref).filter(wanted(query));
      const schemas = await Promise.all(refs.map((ref) => schemaOf(client, ref)));
      return pageOf(
        schemas.filter((schema) => Object.keys(schema.attributes).length > 0),
        query,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/config_schemas/{ref}',
    summary: 'Get the configuration schema of a pack.',
    answer: ConfigSchema,
    run: async ({ params }, { client }) => ({ body: await schemaOf(client, packRef(params.ref)) }),
  }),
];

async function schemaOf(client: Client, ref: PackRef): Promise<z.infer<typeof ConfigSchema>> {
  return { id: ref, pack: ref, attributes: plainJson((await client.packs.config({ ref })).schema) };
}

async function start(client: Client, action: string, parameters: JsonObject) {
  const { id } = await client.executions.run({ action: ResourceRef.parse(action), parameters });
  return { body: { execution_id: id } };
}

export function packRef(given: string | undefined): PackRef {
  const parsed = PackRef.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ApiFault(404, `Unable to identify resource with pack_ref "${given}".`);
}

function wanted({ name, pack }: { readonly name?: string | undefined; readonly pack?: string | undefined }) {
  const asked = pack ?? name;
  return (ref: string) => asked === undefined || asked === ref;
}

function asSt2Pack({ ref, name, description, version, author, path }: PackSummary): z.infer<typeof St2Pack> {
  return { id: ref, ref, name, description, version, author, path };
}

function asHit({ ref, name, description, version, author, keywords, url }: CatalogueHit): z.infer<typeof Hit> {
  return { ref, name, description, version, author, keywords, ...(url !== undefined && { repo_url: url }) };
}
