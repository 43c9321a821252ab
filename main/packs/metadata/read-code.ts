import path from 'node:path';
import type { StampedCache } from '../../kit/stamped-cache.ts';
import type { PackCode } from '../pack.ts';
import type { PackSource } from './metadata-file.ts';

/** What long-lived processes import; the files of actions are read afresh at each run. */
const IMPORTED = /^(sensors|lib|actions\/lib)\//;

/**
 * Every Python file of a pack with what changes when it does. Where sensors import from, that is a digest, so that a file
 * that was only touched restarts nothing; elsewhere the file's stamp is enough, and a thousand actions are not read.
 */
export async function readCode(source: PackSource, digests: StampedCache<string>): Promise<PackCode> {
  const names = [...source.tree.keys()].filter((name) => name.endsWith('.py')).sort();
  digests.keepOnly(new Set(names.map((name) => path.join(source.path, name))));
  const versions = await Promise.all(
    names.map((name) => {
      const stamp = source.tree.get(name) ?? '';
      if (!IMPORTED.test(name)) return stamp;
      return digests.get(path.join(source.path, name), stamp, (_text, digest) => digest).catch(() => stamp);
    }),
  );
  return new Map(names.map((name, index) => [name, versions[index] ?? '']));
}
