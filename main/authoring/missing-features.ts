import { existsSync } from 'node:fs';
import path from 'node:path';
import { readDataFile } from '../kit/yaml-file.ts';
import type { Pack } from '../packs/pack.ts';
import { KNOWN_RUNNERS } from '../runners/known-runners.ts';
import type { CodeFacts } from './examine-code.ts';

/** A part of StackStorm that the pack uses and the app has not. */
export type MissingFeature = { readonly feature: string; readonly uses: readonly Use[] };
type Use = { readonly file: string; readonly line?: number };
type Found = { readonly feature: string; readonly use: Use };

/** Python modules of StackStorm's own, none of which pip would bring. */
export const STACKSTORM_MODULES: readonly string[] = [
  ...['st2common', 'st2reactor', 'st2actions', 'st2client', 'st2api', 'st2auth', 'st2stream', 'oslo_config'],
];

export async function missingFeatures(
  pack: Pack,
  facts: ReadonlyMap<string, CodeFacts>,
  world: { readonly python: string; hasTriggerType(ref: string): boolean },
): Promise<MissingFeature[]> {
  const found = [
    ...(await missingRunners(pack)),
    ...missingTriggers(pack, world.hasTriggerType),
    ...missingModules(facts, world.python),
  ];
  const features = new Map<string, Use[]>();
  for (const { feature, use } of found) features.set(feature, [...(features.get(feature) ?? []), use]);
  return [...features].map(([feature, uses]) => ({ feature, uses }));
}

async function missingRunners(pack: Pack): Promise<Found[]> {
  const unknown = pack.actions.filter(({ runner }) => !Object.hasOwn(KNOWN_RUNNERS, runner));
  return Promise.all(
    unknown.map(async ({ runner, file }) => {
      const data = (await readDataFile(file)).value;
      return { feature: `runner \`${runner}\``, use: { file, ...(data && { line: data.lineOf(['runner_type']) }) } };
    }),
  );
}

/** Trigger types of StackStorm itself are in `core`, below `st2.`. */
function missingTriggers(pack: Pack, hasTriggerType: (ref: string) => boolean): Found[] {
  return pack.rules.flatMap(({ definition, lines }) => {
    const { type } = definition.trigger;
    if (!type.startsWith('core.st2.') || hasTriggerType(type)) return [];
    const line = lines.trigger === undefined ? {} : { line: lines.trigger };
    return [{ feature: `trigger type \`${type}\``, use: { file: definition.file, ...line } }];
  });
}

function missingModules(facts: ReadonlyMap<string, CodeFacts>, python: string): Found[] {
  const has = (module: string) => {
    const file = path.join(python, 'st2', ...module.split('.'));
    return existsSync(`${file}.py`) || existsSync(path.join(file, '__init__.py'));
  };
  return [...facts].flatMap(([file, code]) =>
    code.error
      ? []
      : code.imports
          .filter(({ name }) => !has(name))
          .map(({ name, line }) => ({ feature: `Python module \`${name}\``, use: { file, line } })),
  );
}
