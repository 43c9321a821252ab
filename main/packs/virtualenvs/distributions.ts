import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Distribution } from '../../contract/packs.ts';

/**
 * What is installed in a virtualenv, as `pip freeze` would tell it: read from the records that every installer leaves, so
 * that no process has to be started. pip itself is left out: it comes with the virtualenv.
 */
export async function listDistributions(sitePackages: string): Promise<Distribution[]> {
  const names = await readdir(sitePackages).catch((): string[] => []);
  const infos = names.filter((name) => name.endsWith('.dist-info') || name.endsWith('.egg-info'));
  const found = await Promise.all(infos.map((name) => readDistribution(path.join(sitePackages, name))));
  return found
    .flatMap((distribution) => (distribution && distribution.name !== 'pip' ? [distribution] : []))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }));
}

/**
 * A requirements file for exactly these. The options of the pack's own file stay, since they say from where; so does what
 * it takes from files in its folder, of which there are no versions.
 */
export function lockedRequirements(
  distributions: readonly Distribution[],
  requirements: readonly string[],
  packFolder: string,
): string {
  const kept = requirements
    .filter((line) => (isOption(line) && !isInclude(line)) || isLocal(line))
    .map((line) =>
      line.replace(/^((?:-e|--editable)[ =]*)?(\.{1,2}([\\/].*)?)$/, (_, option = '', file) => {
        return `${option}${path.resolve(packFolder, file)}`;
      }),
    );
  const exact = distributions.flatMap(({ name, version, url }) => {
    if (url === undefined) return [`${name}==${version}`];
    return /^file:/i.test(url) ? [] : [`${name} @ ${url}`];
  });
  return `${[...kept, ...exact].join('\n')}\n`;
}

/** `direct_url.json`, PEP 610: present where the requirement was an address. */
const DirectUrl = z.object({
  url: z.string(),
  subdirectory: z.string().optional(),
  vcs_info: z.object({ vcs: z.string(), commit_id: z.string() }).optional(),
});

async function readDistribution(info: string): Promise<Distribution | undefined> {
  const metadata = await readFirst([path.join(info, 'METADATA'), path.join(info, 'PKG-INFO'), info]);
  const [head = ''] = metadata.split(/\r?\n\r?\n/, 1);
  const name = /^Name: *(.+)$/m.exec(head)?.[1]?.trim();
  const version = /^Version: *(.+)$/m.exec(head)?.[1]?.trim();
  if (!name || !version) return undefined;
  const url = directUrl(await readFirst([path.join(info, 'direct_url.json')]));
  return { name, version, ...(url !== undefined && { url }) };
}

async function readFirst(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

function directUrl(text: string): string | undefined {
  if (text === '') return undefined;
  const parsed = DirectUrl.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { url, subdirectory, vcs_info } = parsed.data;
  const inside = subdirectory === undefined ? '' : `#subdirectory=${subdirectory}`;
  return vcs_info ? `${vcs_info.vcs}+${url}@${vcs_info.commit_id}${inside}` : `${url}${inside}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOption(line: string): boolean {
  return line.startsWith('-');
}

/** What these lines bring is among the distributions. */
function isInclude(line: string): boolean {
  return /^(-r|--requirement|-c|--constraint|-e|--editable)\b/.test(line) && !isLocal(line);
}

function isLocal(line: string): boolean {
  const target = line.replace(/^(-e|--editable)[ =]*/, '');
  return /^(\.{1,2}([\\/]|$)|[\\/]|file:)/.test(target) || /@ *file:/.test(target);
}
