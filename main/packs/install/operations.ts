import { z } from 'zod';
import { StormletError } from '../../contract/errors.ts';
import { Json, type JsonObject } from '../../contract/json.ts';
import { KeyedLock } from '../../kit/keyed-lock.ts';
import type { Pack } from '../pack.ts';
import { builtInFault } from '../sources/resolve-source.ts';
import type { Progress } from '../virtualenvs/build-virtualenv.ts';
import { type InstallDeps, type Installed, installPack } from './install-pack.ts';
import { takeAway } from './swap-pack.ts';

/** One of the actions of the pack `packs`. Throws a StormletError for what went wrong, also when it was called off. */
export type Operation = (parameters: JsonObject, report: Progress, signal: AbortSignal) => Promise<Json>;

export type PackOperationsDeps = Omit<InstallDeps, 'lock'> & {
  /** Ends everything that runs of a pack whose files are about to go. */
  beforeRemove(ref: Pack['ref']): Promise<void>;
};

const packs = z.array(z.string().min(1)).min(1);
const python = z.string().nullish();
const Install = z.object({ packs, force: z.boolean().nullish(), python });
const Uninstall = z.object({ packs });
/** `update` is StackStorm's: a virtualenv is built anew in either case, so both of its values do the same here. */
const SetupVirtualenv = z.object({ packs, update: z.boolean().nullish(), python });
const Load = z.object({ packs: z.array(z.string().min(1)).nullish() });
const Get = z.object({ pack: z.string().min(1) });

export function packOperations(deps: PackOperationsDeps): Readonly<Record<string, Operation>> {
  // One at a time for each pack: two installs of one pack must not swap into each other.
  const own = { ...deps, lock: new KeyedLock() };
  return {
    'packs.install': (parameters, report, signal) => install(own, parse(Install, parameters), report, signal),
    'packs.uninstall': (parameters, report, signal) => uninstall(own, parse(Uninstall, parameters), report, signal),
    'packs.setup_virtualenv': (parameters, report, signal) =>
      setUpVirtualenvs(own, parse(SetupVirtualenv, parameters), report, signal),
    'packs.load': (parameters) => load(own, parse(Load, parameters)),
    'packs.get': (parameters) => get(own, parse(Get, parameters)),
  };
}

type Deps = PackOperationsDeps & { readonly lock: KeyedLock };

async function install(
  deps: Deps,
  parameters: z.infer<typeof Install>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const installed: Installed[] = [];
  for (const source of parameters.packs) {
    const request = { source, force: parameters.force ?? false, interpreter: parameters.python ?? '' };
    installed.push(await installPack(deps, request, forOne(report, parameters.packs, source), signal));
  }
  const names = installed.map(({ ref, version }) => `${ref} ${version}`);
  return toJson({ summary: `installed ${names.join(', ')}`, packs: installed });
}

async function uninstall(
  deps: Deps,
  parameters: z.infer<typeof Uninstall>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  // All are looked up before the first one goes.
  const found = parameters.packs.map((ref) => known(deps, ref));
  const builtIn = found.find(({ origin }) => origin === 'built-in');
  if (builtIn) throw builtInFault(builtIn.ref);
  for (const { ref, path } of found) {
    await deps.lock.run(
      ref,
      async () => {
        const progress = forOne(report, parameters.packs, ref);
        progress.onStep({ name: 'remove', state: 'running' });
        await deps.beforeRemove(ref);
        await takeAway(path);
        await deps.virtualenvs.remove(ref);
        await deps.registry.reload(ref);
        progress.onStep({ name: 'remove', state: 'done', detail: path });
      },
      signal,
    );
  }
  const refs = found.map(({ ref }) => ref);
  return { summary: `removed ${refs.join(', ')}`, packs: refs };
}

async function setUpVirtualenvs(
  deps: Deps,
  parameters: z.infer<typeof SetupVirtualenv>,
  report: Progress,
  signal: AbortSignal,
): Promise<Json> {
  const found = parameters.packs.map((ref) => known(deps, ref));
  for (const pack of found) {
    const progress = forOne(report, parameters.packs, pack.ref);
    const setUp = () => deps.virtualenvs.setUp(pack, parameters.python ?? '', progress, signal);
    await deps.lock.run(pack.ref, setUp, signal);
  }
  return {
    summary: `built the virtualenv of ${found.map(({ ref }) => ref).join(', ')}`,
    packs: found.map((pack) => ({ ref: pack.ref, virtualenv: toJson(deps.virtualenvs.status(pack)) })),
  };
}

async function load(deps: Deps, parameters: z.infer<typeof Load>): Promise<Json> {
  const { registry } = deps;
  if (!parameters.packs || parameters.packs.length === 0) await registry.reloadAll();
  else for (const pack of parameters.packs) await registry.reload(pack as Pack['ref']);
  const loaded = parameters.packs?.length ? parameters.packs.map((ref) => known(deps, ref)) : registry.list();
  return {
    summary: `read ${loaded.length === 1 ? `${loaded[0]?.ref}` : `${loaded.length} packs`} again`,
    packs: loaded.map((pack) => toJson(registry.summary(pack).counts, { ref: pack.ref })),
  };
}

async function get(deps: Deps, parameters: z.infer<typeof Get>): Promise<Json> {
  return toJson(await deps.registry.detail(known(deps, parameters.pack)));
}

function known({ registry }: Deps, ref: string): Pack {
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

/** When several packs are worked on, a step's name says whose it is. */
function forOne(report: Progress, all: readonly string[], one: string): Progress {
  if (all.length === 1) return report;
  return { onStep: (step) => report.onStep({ ...step, name: `${one}: ${step.name}` }), onOutput: report.onOutput };
}

function parse<T>(schema: z.ZodType<T>, parameters: JsonObject): T {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const message = `\`${issue?.path.map(String).join('.')}\`: ${issue?.message ?? 'not usable'}`;
  throw new StormletError({ code: 'action/parameter-invalid', kind: 'user', message });
}

function toJson(value: object, more: JsonObject = {}): Json {
  return Json.parse(JSON.parse(JSON.stringify({ ...more, ...value })));
}
