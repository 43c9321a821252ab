import path from 'node:path';
import type { PackRef } from '../contract/refs.ts';
import { brokenPack, refOfFolder } from './metadata/load-pack.ts';
import type { Pack, PackChange, PackCode } from './pack.ts';
import { isReservedRef } from './pack.ts';

/**
 * Gives every folder its place in the list. Of two with one ref the built-in one stands, then the one whose folder has
 * that name; the other is listed as broken under the name of its folder.
 */
export function listPacks(loaded: readonly Pack[]): ReadonlyMap<PackRef, Pack> {
  const listed = new Map<PackRef, Pack>();
  for (const pack of [...loaded].sort(byPrecedence)) {
    const first = listed.get(pack.ref);
    if (!first && (pack.origin === 'built-in' || !isReservedRef(pack.ref))) listed.set(pack.ref, pack);
    else {
      const ref = freeRef(listed, refOfFolder(pack.path));
      listed.set(ref, asSecond(pack, ref, first));
    }
  }
  return listed;
}

/** What one list has that the other has not. Unchanged packs keep the identity of their parts, which makes this quick. */
export function comparePacks(before: ReadonlyMap<PackRef, Pack>, after: ReadonlyMap<PackRef, Pack>): PackChange[] {
  const removed = [...before.keys()].filter((ref) => !after.has(ref));
  const changes = removed.map((ref): PackChange => ({ ref, kind: 'removed' }));
  for (const [ref, pack] of after) {
    const old = before.get(ref);
    if (!old) changes.push({ ref, kind: 'added' });
    else if (!samePack(old, pack)) changes.push({ ref, kind: 'changed' });
  }
  return changes;
}

function byPrecedence(a: Pack, b: Pack): number {
  const rank = (pack: Pack) => {
    if (pack.origin === 'built-in') return 0;
    if (!pack.manifest) return 3;
    return path.basename(pack.path) === pack.ref ? 1 : 2;
  };
  return rank(a) - rank(b) || a.path.localeCompare(b.path);
}

function freeRef(listed: ReadonlyMap<PackRef, Pack>, wanted: PackRef): PackRef {
  for (let number = 2; ; number += 1) {
    const ref = number === 2 ? wanted : refOfFolder(`${wanted}_${number - 1}`);
    if (!listed.has(ref) && !isReservedRef(ref)) return ref;
  }
}

function asSecond(pack: Pack, ref: PackRef, first: Pack | undefined): Pack {
  const taken = first ? `both \`${first.path}\` and \`${pack.path}\`` : `\`${pack.path}\``;
  const message = first
    ? `two packs have the ref \`${pack.ref}\`: ${taken}`
    : `the ref \`${pack.ref}\` of ${taken} is the app's own`;
  const hint = 'remove one of the two folders, or give one another `ref` in its pack.yaml';
  const file = path.join(pack.path, 'pack.yaml');
  const problem = { severity: 'error', code: 'pack/ref-taken', message, hint, file } as const;
  return brokenPack(ref, pack.path, pack.origin, [problem, ...(pack.manifest ? [] : pack.problems)]);
}

const LISTS = ['actions', 'sensors', 'triggerTypes', 'aliases', 'requirements'] as const satisfies (keyof Pack)[];

function samePack(a: Pack, b: Pack): boolean {
  if (a.path !== b.path || a.manifest !== b.manifest || !sameCode(a.code, b.code)) return false;
  if (
    !LISTS.every((key) => sameItems(a[key], b[key])) ||
    !sameItems(a.rules, b.rules) ||
    !sameItems(a.policies, b.policies)
  )
    return false;
  return JSON.stringify(small(a)) === JSON.stringify(small(b));
}

function sameCode(a: PackCode, b: PackCode): boolean {
  return a.size === b.size && [...a].every(([file, version]) => b.get(file) === version);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function small({ problems, config, configFile, configSchema }: Pack) {
  return { problems, config, configFile, configSchema };
}
