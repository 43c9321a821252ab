import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PackInstallation, type PreviousVersion } from '../../contract/packs.ts';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import { parseDataFile } from '../../kit/yaml-file.ts';
import { loadManifest } from '../metadata/load-manifest.ts';
import { linkTarget, previousLink } from '../versions.ts';

/** Where an installed version came from, kept beside its tree; and the version before it. */
export async function writeInstallation(version: string, installation: PackInstallation): Promise<void> {
  await writeFileAtomic(recordFile(version), `${JSON.stringify({ format: 1, ...installation }, undefined, 2)}\n`);
}

/** Undefined for a folder that somebody put there. */
export async function readInstallation(packPath: string): Promise<PackInstallation | undefined> {
  const tree = linkTarget(packPath);
  return tree === undefined ? undefined : readRecord(path.dirname(tree));
}

/** What a rollback would bring back. */
export async function readPrevious(packPath: string): Promise<PreviousVersion | undefined> {
  const tree = linkTarget(previousLink(packPath));
  const file = tree && path.join(tree, 'pack.yaml');
  const text = file && (await readFile(file, 'utf8').catch(() => undefined));
  if (!text) return undefined;
  const { value: data } = parseDataFile(file, text);
  const version = (data && loadManifest(data).value?.version) ?? '';
  const installation = await readRecord(path.dirname(tree));
  return { version, ...(installation && { installedAt: installation.at }) };
}

async function readRecord(version: string): Promise<PackInstallation | undefined> {
  const text = await readFile(recordFile(version), 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : PackInstallation.parse(JSON.parse(text));
  } catch {
    // Somebody's own folder that a link of theirs leads to, or a file that was edited: its origin is not known.
    return undefined;
  }
}

function recordFile(version: string): string {
  return path.join(version, 'installation.json');
}
