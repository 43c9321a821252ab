import { z } from 'zod';
import { StormletError } from '../../contract/errors.ts';
import { Json, type JsonObject } from '../../contract/json.ts';
import { KeyedLock } from '../../kit/keyed-lock.ts';
import type { Pack } from '../pack.ts';
import { builtInFault } from '../sources/resolve-source.ts';
import type { Progress } from '../virtualenvs/build-virtualenv.ts';
import { forOne } from './for-one.ts';
import type { InstallDeps } from './install-deps.ts';
import { installPacks } from './install-packs.ts';
import { readInstallation } from './installation.ts';
import { removePacks } from './remove-packs.ts';
import { rollBackPacks } from './roll-back-packs.ts';
import { withPacks } from './switch-packs.ts';

/** One of the actions of the pack `packs`. Throws a StormletError for what went wrong, also when it was called off. */
export type Operation = (parameters: JsonObject, report: Progress, signal: AbortSignal) => Promise<Json>;

export type PackOperationsDeps = Omit<InstallDeps, 'lock' | 'checkpoint'> & Partial<Pick<InstallDeps, 'checkpoint'>>;

const packs = z.array(z.string().min(1)).min(1);
const python = z.string().nullish();
const options = { force: z.boolean().nullish(), python, skip_dependencies: z.boolean().nullish() };
const Install = z.object({ packs, ...options });
const Update = z.object({ packs, ...options });
const Uninstall = z.object({ packs });
const Rollback = z.object({ packs });
/** `update` is StackStorm's: a virtualenv is built anew in either case, so both of its values do the same here. */
const SetupVirtualenv = z.object({ packs, update: z.boolean().nullish(), python, locked: z.boolean().nullish() });
const Load = z.object({ packs: z.array(z.string().min(1)).nullish() });
const Get = z.object({ pack: z.string().min(1) });

export function packOperations(deps: PackOperationsDeps): Readonly<Record<string, Operation>> {
  // One at a time for each pack: two installs of one pack must not swap into each other.
  const own = { checkpoint: () => {}, ...deps, lock: new KeyedLock() };
  const operation =
    <T>(schema: z.ZodType<T>, work: Work<T>): Operation =>
    (parameters, report, signal) =>
      work(own, parse(schema, parameters), report, signal).catch((error) => {
        throw asDiskFault(error);
      });
  return {
    'packs.install': operation(Install, install),
    'packs.update': operation(Update, update),
    'packs.rollback': operation(Rollback, rollBack),
    'packs.uninstall': operation(Uninstall, uninstall),
    'packs.setup_virtualenv': operation(SetupVirtualenv, setUpVirtualenvs),
    'packs.load': operation(Load, load),
    'packs.get': operation(Get, get),
  };
}

type Work<T> = (deps: InstallDeps, parameters: T, report: Progress, signal: AbortSignal) => Promise<Json>;

async function install(
  deps: InstallDeps,
  { packs: sources, force, python, skip_dependencies }: z.infer<typeof Install>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const request = {
    ...{ sources, force: force ?? false, interpreter: python ?? '' },
    skipDependencies: skip_dependencies ?? false,
  };
  const installed = await installPacks(deps, request, report, signal);
  const names = installed.map(({ ref, version }) => `${ref} ${version}`);
  return toJson({ summary: `installed ${names.join(', ')}`, packs: installed });
}

/** Fetches each pack again from where it came from. */
async function update(
  deps: InstallDeps,
  parameters: z.infer<typeof Update>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const sources: string[] = [];
  for (const pack of removable(deps, parameters.packs)) {
    sources.push((await readInstallation(pack.path))?.source ?? unknownOrigin(pack));
  }
  return install(deps, { ...parameters, packs: sources }, report, signal);
}

async function rollBack(
  deps: InstallDeps,
  parameters: z.infer<typeof Rollback>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const found = removable(deps, parameters.packs);
  await rollBackPacks(deps, found, report, signal);
  const now = found.map(({ ref }) => ({ ref, version: deps.registry.get(ref)?.manifest?.version ?? '' }));
  const names = now.map(({ ref, version }) => `${ref} ${version}`.trim());
  return toJson({ summary: `went back to ${names.join(', ')}`, packs: now });
}

async function uninstall(
  deps: InstallDeps,
  parameters: z.infer<typeof Uninstall>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const found = removable(deps, parameters.packs);
  await removePacks(deps, found, report, signal);
  const refs = found.map(({ ref }) => ref);
  const left = refs.flatMap((ref) => deps.registry.neededBy(ref).map((pack) => `${pack} needs ${ref}`));
  return { summary: [`removed ${refs.join(', ')}`, ...left].join('; '), packs: refs };
}

async function setUpVirtualenvs(
  deps: InstallDeps,
  parameters: z.infer<typeof SetupVirtualenv>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const found = parameters.packs.map((ref) => known(deps, ref));
  for (const pack of found) {
    const progress = forOne(report, found.length > 1, pack.ref);
    const setUp = () => {
      const lock = parameters.locked ? (deps.virtualenvs.lock(pack.ref) ?? noLock(pack.ref)) : undefined;
      return deps.virtualenvs.setUp(pack, parameters.python ?? '', progress, signal, lock);
    };
    await withPacks(deps, [pack.ref], setUp, signal);
  }
  return {
    summary: `built the virtualenv of ${found.map(({ ref }) => ref).join(', ')}`,
    packs: found.map((pack) => ({ ref: pack.ref, virtualenv: toJson(deps.virtualenvs.status(pack)) })),
  };
}

async function load(deps: InstallDeps, parameters: z.infer<typeof Load>): Promise<Json> {
  const { registry } = deps;
  if (!parameters.packs || parameters.packs.length === 0) await registry.reloadAll();
  else for (const pack of parameters.packs) await registry.reload(pack as Pack['ref']);
  const loaded = parameters.packs?.length ? parameters.packs.map((ref) => known(deps, ref)) : registry.list();
  return {
    summary: `read ${loaded.length === 1 ? `${loaded[0]?.ref}` : `${loaded.length} packs`} again`,
    packs: loaded.map((pack) => toJson(registry.summary(pack).counts, { ref: pack.ref })),
  };
}

async function get(deps: InstallDeps, parameters: z.infer<typeof Get>): Promise<Json> {
  return toJson(await deps.registry.detail(known(deps, parameters.pack)));
}

function known({ registry }: InstallDeps, ref: string): Pack {
  const pack = registry.get(ref);
  if (pack) return pack;
  const installed = registry.list().map((pack) => `\`${pack.ref}\``);
  const message = `no pack \`${ref}\` is installed`;
  throw new StormletError({
    code: 'pack/not-installed',
    kind: 'user',
    message,
    hint: `there are ${installed.join(', ')}`,
  });
}

/** All are looked up before anything happens to the first one. */
function removable(deps: InstallDeps, refs: readonly string[]): Pack[] {
  const found = [...new Set(refs)].map((ref) => known(deps, ref));
  const builtIn = found.find(({ origin }) => origin === 'built-in');
  if (builtIn) throw builtInFault(builtIn.ref);
  return found;
}

function noLock(ref: string): never {
  throw new StormletError({
    code: 'venv/no-lock',
    kind: 'user',
    message: `there is no lock of \`${ref}\`: it has no virtualenv`,
    hint: `build it without \`locked\``,
  });
}

function unknownOrigin({ ref, path }: Pack): never {
  throw new StormletError({
    code: 'pack/origin-unknown',
    kind: 'user',
    message: `where \`${ref}\` came from is not known: its folder \`${path}\` was put there by hand`,
    hint: 'update the folder itself, or install the pack once from a source',
  });
}

function parse<T>(schema: z.ZodType<T>, parameters: JsonObject): T {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const message = `\`${issue?.path.map(String).join('.')}\`: ${issue?.message ?? 'not usable'}`;
  throw new StormletError({ code: 'action/parameter-invalid', kind: 'user', message });
}

/** What the file system refuses is nothing that the app can mend. */
function asDiskFault(error: unknown): unknown {
  if (error instanceof StormletError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  if (!isFull && code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  return new StormletError(
    {
      code: isFull ? 'pack/disk-full' : 'pack/not-writable',
      kind: 'environment',
      message: isFull ? `there is no room left on the disk: ${error.message}` : error.message,
      hint: 'what was installed before is untouched; mend this, then try again',
    },
    { cause: error },
  );
}

function toJson(value: object, more: JsonObject = {}): Json {
  return Json.parse(JSON.parse(JSON.stringify({ ...more, ...value })));
}
