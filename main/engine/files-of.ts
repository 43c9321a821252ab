import { existsSync } from 'node:fs';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import type { AppFile } from '../contract/files.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { Pack } from '../packs/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';

export type FileSources = {
  readonly registry: Pick<PackRegistry, 'get' | 'list' | 'rules' | 'policies'>;
  /** The user's `configs/`. */
  readonly configs: string;
};

/** The files of all that has the name: a pack's ref, or `pack.name`. Also of packs that are broken or switched off. */
export function filesOf({ registry, configs }: FileSources, ref: string): AppFile[] {
  const pack = registry.get(ref);
  const own = pack ? filesOfPack(pack, configs) : [];
  const brought = registry.list().flatMap((each) => filesIn(each, ref as ResourceRef));
  // Beside those of packs these hold the user's own.
  const rules = metadata('rule', registry.rules(), ref);
  const policies = metadata('policy', registry.policies(), ref);
  const files = unique([...own, ...brought, ...rules, ...policies]);
  if (files.length === 0) throw unknown(ref);
  return files;
}

function filesOfPack(pack: Pack, configs: string): AppFile[] {
  const parts: readonly (readonly [AppFile['part'], string])[] = [
    ['folder', pack.path],
    ['metadata', path.join(pack.path, 'pack.yaml')],
    ['settings', path.join(configs, `${pack.ref}.yaml`)],
  ];
  return parts.filter(([, file]) => existsSync(file)).map(([part, file]) => ({ kind: 'pack', part, file }));
}

function filesIn(pack: Pack, ref: ResourceRef): AppFile[] {
  const code = (kind: 'action' | 'sensor', folder: string) =>
    pack[`${kind}s`]
      .filter((each) => each.ref === ref)
      .flatMap(({ file, entryPoint }): AppFile[] => [
        { kind, part: 'metadata', file },
        ...entryPointIn(path.join(pack.path, folder), entryPoint).map((entry) => ({
          kind,
          part: 'code' as const,
          file: entry,
        })),
      ]);
  const plain = (kind: 'trigger' | 'alias', things: readonly { readonly ref: ResourceRef; readonly file: string }[]) =>
    things.filter((each) => each.ref === ref).map(({ file }): AppFile => ({ kind, part: 'metadata', file }));
  return [
    ...code('action', 'actions'),
    ...code('sensor', 'sensors'),
    ...plain('trigger', pack.triggerTypes),
    ...plain('alias', pack.aliases),
    ...metadata('rule', pack.rules, ref),
    ...metadata('policy', pack.policies, ref),
  ];
}

function entryPointIn(folder: string, entryPoint: string): string[] {
  const file = path.join(folder, entryPoint);
  return entryPoint !== '' && existsSync(file) ? [file] : [];
}

type Defined = { readonly definition: { readonly ref: ResourceRef; readonly file: string } };

function metadata(kind: 'rule' | 'policy', things: readonly Defined[], ref: string): AppFile[] {
  return things
    .filter(({ definition }) => definition.ref === ref)
    .map(({ definition: { file } }) => ({ kind, part: 'metadata', file }));
}

function unique(files: readonly AppFile[]): AppFile[] {
  return [...new Map(files.map((each) => [`${each.kind} ${each.part} ${each.file}`, each])).values()];
}

function unknown(ref: string): StormletError {
  return new StormletError({
    code: 'files/unknown',
    kind: 'user',
    message: `there is no pack, action, sensor, trigger, rule, policy or alias \`${ref}\``,
  });
}
