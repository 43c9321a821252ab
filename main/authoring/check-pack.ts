import { statSync } from 'node:fs';
import path from 'node:path';
import { type Problem, StormletError } from '../contract/errors.ts';
import type { ActionDefinition, TriggerType } from '../contract/packs.ts';
import { packOf, type ResourceRef } from '../contract/refs.ts';
import { incompatibility } from '../packs/metadata/check-compatibility.ts';
import { loadPack, PackCaches } from '../packs/metadata/load-pack.ts';
import { scanPack } from '../packs/metadata/scan-pack.ts';
import { BUILT_IN_PACKS, type LoadedRule, type Pack } from '../packs/pack.ts';
import { checkRule, type RuleLookups } from '../rules/check-rules.ts';
import { compileRule, isBroken } from '../rules/compile-rule.ts';
import { KNOWN_RUNNERS } from '../runners/known-runners.ts';
import { ownTrigger } from '../triggers/own-trigger.ts';
import { checkCode } from './check-code.ts';
import { checkWorkflows } from './check-workflows.ts';
import { type CodeFacts, examineCode } from './examine-code.ts';
import { type MissingFeature, missingFeatures, STACKSTORM_MODULES } from './missing-features.ts';
import type { Workbench } from './workbench.ts';

export type PackReport = {
  readonly path: string;
  readonly ref: string;
  readonly problems: readonly Problem[];
  /** What of StackStorm it uses that the app has not. */
  readonly missing: readonly MissingFeature[];
  readonly counts: { readonly actions: number; readonly sensors: number; readonly rules: number };
};

/** Nothing of a person's own configuration belongs to a check of the pack. */
const NO_CONFIGS = path.join(path.sep, 'nonexistent');

/** Reads the packs as the app would, and holds against each other what they name. Packs given together know each other. */
export async function checkPacks(
  bench: Workbench,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<PackReport[]> {
  for (const folder of folders) requireFolder(folder);
  const [packs, builtIn] = await Promise.all([
    Promise.all(folders.map((folder) => load(folder))),
    Promise.all(BUILT_IN_PACKS.map((name) => load(path.join(bench.app.builtInPacks, name)))),
  ]);
  const world = [...builtIn, ...packs];
  const reports: PackReport[] = [];
  for (const pack of packs) reports.push(await checkPack(bench, pack, world, signal));
  return reports;
}

function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new StormletError({
    code: 'pack/not-found',
    kind: 'user',
    message: `there is no folder \`${folder}\``,
    hint: 'name the folder that has the pack.yaml in it',
  });
}

export function hasErrors(report: PackReport): boolean {
  return report.problems.some(({ severity }) => severity === 'error');
}

function load(folder: string): Promise<Pack> {
  return loadPack(folder, 'installed', NO_CONFIGS, new PackCaches());
}

async function checkPack(
  bench: Workbench,
  pack: Pack,
  world: readonly Pack[],
  signal: AbortSignal,
): Promise<PackReport> {
  const lookups = lookupsIn(world);
  const code = await readCode(bench, pack, signal);
  const knownPacks = new Set<string>(world.map(({ ref }) => ref));
  const problems = [
    ...pack.problems.filter((problem) => problem.code !== 'config/value-missing'),
    ...checkManifest(pack),
    ...pack.rules.flatMap((rule) => checkOneRule(rule, lookups, knownPacks)),
    ...code.problems,
    ...(await checkCode(pack, code.facts)),
    ...(await checkWorkflows(pack, world)),
  ];
  const hasTriggerType = (ref: string) => lookups.triggerType(ref as ResourceRef) !== undefined;
  return {
    path: pack.path,
    ref: pack.ref,
    problems,
    missing: await missingFeatures(pack, code.facts, { python: bench.app.python, hasTriggerType }),
    counts: { actions: pack.actions.length, sensors: pack.sensors.length, rules: pack.rules.length },
  };
}

function checkManifest({ manifest, path: folder }: Pack): Problem[] {
  const misfit = manifest && incompatibility(manifest);
  if (!misfit) return [];
  const message = `${misfit.message}; it is not installed unless that is forced`;
  return [{ severity: 'warning', code: misfit.code, message, file: path.join(folder, 'pack.yaml') }];
}

function lookupsIn(world: readonly Pack[]): RuleLookups {
  const actions = new Map<string, ActionDefinition>(
    world.flatMap((pack) => pack.actions.map((each) => [each.ref, each])),
  );
  const types = new Map<string, TriggerType>(
    world.flatMap((pack) => pack.triggerTypes.map((each) => [each.ref, each])),
  );
  return {
    action: (ref) => actions.get(ref),
    triggerType: (ref) => types.get(ref),
    actions: () => actions.keys(),
    triggerTypes: () => types.keys(),
    ownTrigger,
    runnerParameters: (runner) => KNOWN_RUNNERS[runner],
  };
}

function checkOneRule(rule: LoadedRule, lookups: RuleLookups, knownPacks: ReadonlySet<string>): Problem[] {
  const { definition } = rule;
  const mayBeElsewhere = (problem: Problem) => {
    if (problem.code === 'rule/trigger-unknown') return !knownPacks.has(packOf(definition.trigger.type));
    return problem.code === 'rule/action-unknown' && !knownPacks.has(packOf(definition.action.ref));
  };
  const isMissingFeature = ({ code }: Problem) =>
    code === 'rule/trigger-unknown' && definition.trigger.type.startsWith('core.st2.');
  const checked = checkRule(rule, lookups).filter((problem) => !isMissingFeature(problem));
  return [
    // What its own file got wrong is among the pack's problems already.
    ...(isBroken(rule.problems) ? [] : compileRule(definition).problems),
    ...checked.map((problem): Problem => (mayBeElsewhere(problem) ? elsewhere(problem) : problem)),
  ];
}

function elsewhere(problem: Problem): Problem {
  return {
    ...problem,
    severity: 'warning',
    hint: 'it may come from another pack; name that pack too to have it checked',
  };
}

type Code = { readonly facts: ReadonlyMap<string, CodeFacts>; readonly problems: readonly Problem[] };

async function readCode(bench: Workbench, pack: Pack, signal: AbortSignal): Promise<Code> {
  const tree = await scanPack(pack.path);
  const files = [...tree.keys()].filter((name) => name.endsWith('.py')).sort();
  try {
    const paths = files.map((name) => path.join(pack.path, name));
    return { facts: await examineCode(bench, paths, STACKSTORM_MODULES, signal), problems: [] };
  } catch (error) {
    if (!(error instanceof StormletError)) throw error;
    // Without any Python on the machine the rest is still worth checking.
    const message = `the pack's Python files were not looked at: ${error.message}`;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { facts: new Map(), problems: [{ severity: 'warning', code: error.code, message, ...hint }] };
  }
}
