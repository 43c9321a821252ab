import { z } from 'zod';
import type { Client } from '../../contract/rpc.ts';
import { readPackFile, readPackTexts } from '../pack-files.ts';
import { route } from '../route.ts';
import { packRef } from './packs.ts';

/** `config_schema.yaml` and all the others, as StackStorm's own window shows them. */
export const packFileRoutes = [
  route({
    method: 'GET',
    path: '/v1/packs/views/files/{ref}',
    summary: 'The files of a pack that are texts, with what they hold.',
    answer: z.array(z.object({ file_path: z.string(), content: z.string() })),
    run: async ({ params }, { client }) => ({ body: await readPackTexts(await rootOf(client, params.ref)) }),
  }),
  route({
    method: 'GET',
    path: '/v1/packs/views/file/{ref}/{file*}',
    summary: 'One file of a pack.',
    answer: z.string(),
    isText: true,
    async run({ params, headers }, { client }) {
      const { content, modifiedMs } = await readPackFile(await rootOf(client, params.ref), params.file ?? '');
      const tag = `"${modifiedMs}"`;
      const known = { ETag: tag, 'Last-Modified': new Date(modifiedMs).toUTCString() };
      if (isKnown(headers, tag, modifiedMs)) return { status: 304, body: '', headers: known };
      const type = TYPES[/\.(\w+)$/.exec(params.file ?? '')?.[1]?.toLowerCase() ?? ''];
      // What a pack brings is shown, and never runs on this address.
      const safe = { 'Content-Type': type ?? 'text/plain; charset=utf-8', 'Content-Security-Policy': 'sandbox' };
      return { body: content.toString('utf8'), raw: content, headers: { ...known, ...safe } };
    },
  }),
];

/** Of pictures; all else is shown as the text that it is. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  json: 'application/json',
};

type Asked = { readonly 'if-none-match'?: string | undefined; readonly 'if-modified-since'?: string | undefined };

function isKnown(asked: Asked, tag: string, modifiedMs: number): boolean {
  if (asked['if-none-match'] !== undefined) return asked['if-none-match'] === tag;
  // An HTTP date has whole seconds.
  return Math.floor(modifiedMs / 1000) * 1000 <= Date.parse(asked['if-modified-since'] ?? '');
}

async function rootOf(client: Client, ref: string | undefined): Promise<string> {
  return (await client.packs.get({ ref: packRef(ref) })).path;
}
