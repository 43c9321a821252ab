import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describeProblem, type Problem, StormletError, toFault } from '../contract/errors.ts';
import { JsonObject } from '../contract/json.ts';
import type { PackConfig, SavePackConfig } from '../contract/pack-config.ts';
import type { PackRef } from '../contract/refs.ts';
import { maskLeaves } from '../contract/secret-values.ts';
import { pathText } from '../contract/spec-walk.ts';
import { writeFileAtomic } from '../kit/atomic-file.ts';
import type { Clock } from '../kit/clock.ts';
import { KeyedLock } from '../kit/keyed-lock.ts';
import { editYaml } from '../kit/yaml-edit.ts';
import { type ConfigFile, configProblems, loadConfig } from '../packs/metadata/load-config.ts';
import type { Pack } from '../packs/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import {
  isReadableSecret,
  keysNamedIn,
  maskBrokenText,
  readableSecrets,
  sealSecrets,
  unmask,
} from './config-secrets.ts';
import type { PackConfigs } from './pack-configs.ts';

/**
 * Joins packs and the datastore: a pack's configuration file as a person reads and changes it, in the window or at a
 * terminal. It is the person's file: what is saved leaves comments and other lines alone, and no secret in it.
 */
export type ConfigEditorDeps = {
  readonly registry: Pick<PackRegistry, 'get' | 'reload'>;
  readonly configs: PackConfigs;
  readonly datastore: Pick<DatastoreFile, 'set' | 'delete'>;
  readonly clock: Clock;
};

/** How long a reader waits for an expression; the first one may have to wait until Jinja is installed. */
const RENDER_MS = 3000;

export class ConfigEditor {
  readonly #deps: ConfigEditorDeps;
  readonly #lock = new KeyedLock();

  constructor(deps: ConfigEditorDeps) {
    this.#deps = deps;
  }

  async read(ref: PackRef): Promise<PackConfig> {
    const pack = this.#pack(ref);
    const { text, exists, config, problems } = await readConfigFile(pack);
    const effective = await this.#effective(pack);
    const specs = pack.configSchema;
    const masked = maskLeaves(specs, config.values, isReadableSecret);
    return {
      ref,
      file: config.file,
      exists,
      yaml: problems.some(isError) ? maskBrokenText(specs, text) : editYaml(text, masked),
      schema: specs,
      values: masked,
      ...('code' in effective ? {} : { effective: effective.masked }),
      problems: [
        ...problems,
        ...('code' in effective && effective.code !== WAITING ? [asProblem(effective, config.file)] : []),
      ],
      readable: readableSecrets(specs, config.values),
      missing: [...config.missing],
      revision: revisionOf(text),
    };
  }

  /** Keys first, then the file that names them, then what no longer has a name: whatever comes between loses nothing. */
  async save(request: SavePackConfig): Promise<PackConfig> {
    const { ref } = request;
    await this.#lock.run(ref, async () => {
      const { registry, datastore, configs } = this.#deps;
      const pack = this.#pack(ref);
      const { config, text, values, keys } = await this.#prepare(pack, request);
      for (const [name, value] of keys) datastore.set({ scope: 'system', name, value, secret: true });
      await writeFileAtomic(config.file, text, PRIVATE);
      const named = new Set(keysNamedIn(values));
      for (const name of keysNamedIn(config.values)) if (!named.has(name)) datastore.delete('system', name);
      await registry.reload(ref);
      configs.refresh();
    });
    return this.read(ref);
  }

  async #prepare(pack: Pack, request: SavePackConfig) {
    const { text, config, problems } = await readConfigFile(pack);
    if (request.revision !== undefined && request.revision !== revisionOf(text)) throw changedMeanwhile(config.file);
    const [broken] = problems.filter(isError);
    if (broken && request.yaml === undefined) throw refused([broken]);
    const asked = request.yaml === undefined ? undefined : parseYaml(pack, config.file, request.yaml);
    const specs = pack.configSchema;
    const wanted = unmask(specs, asked ?? request.values ?? JsonObject.parse(config.values), config.values);
    if (!asked) refuseNewProblems(pack, config, wanted);
    const { values, keys } = sealSecrets(pack.ref, specs, wanted, config.values, request.encrypt);
    return { config, values, keys, text: editYaml(request.yaml ?? text, values) };
  }

  async #effective(pack: Pack) {
    let callOff = () => {};
    const late = new Promise<ReturnType<typeof toFault>>((resolve) => {
      callOff = this.#deps.clock.after(RENDER_MS, () => resolve({ code: WAITING, kind: 'environment', message: '' }));
    });
    const rendered = Promise.resolve(pack)
      .then((its) => this.#deps.configs.effective(its))
      .catch(toFault);
    return Promise.race([rendered, late]).finally(callOff);
  }

  #pack(ref: PackRef): Pack {
    const pack = this.#deps.registry.get(ref);
    if (pack?.manifest) return pack;
    throw new StormletError({
      code: 'pack/unknown',
      kind: 'user',
      message: pack ? `the pack \`${ref}\` is broken` : `there is no pack \`${ref}\``,
      hint: 'see the names with `stormlet pack list`',
    });
  }
}

const WAITING = 'config/rendering';
/** Others on this machine have no business in it. */
const PRIVATE = 0o600;

type ReadFile = { text: string; exists: boolean; config: ConfigFile; problems: readonly Problem[] };

async function readConfigFile(pack: Pack): Promise<ReadFile> {
  const { file } = pack.configFile;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const { value, problems } = loadConfig(pack.configSchema, file, text ?? '');
  return { text: text ?? '', exists: text !== undefined, config: value, problems };
}

/** What does not fit the schema only warns, as it does when the file is edited elsewhere. */
function parseYaml(pack: Pack, file: string, yaml: string): JsonObject {
  const { value, problems } = loadConfig(pack.configSchema, file, yaml);
  const errors = problems.filter(isError);
  if (errors.length > 0) throw refused(errors);
  return value.values;
}

/** What broke the schema before may stay as it is, so that another value can be saved beside it. */
function refuseNewProblems(pack: Pack, before: ConfigFile, wanted: JsonObject): void {
  const known = new Set(configProblems(pack.configSchema, before.values).map(({ message }) => message));
  const found = configProblems(pack.configSchema, wanted).filter((one) => !one.missing && !known.has(one.message));
  if (found.length === 0) return;
  throw new StormletError({
    code: 'config/invalid',
    kind: 'user',
    message: `the configuration of \`${pack.ref}\` is not saved: ${found.map(({ message }) => message).join('; ')}`,
    details: { problems: found.map(({ at, message }) => ({ path: pathText(at), message })) },
  });
}

function refused(problems: readonly Problem[]): StormletError {
  return new StormletError({
    code: 'config/not-yaml',
    kind: 'user',
    message: problems.map((problem) => describeProblem({ ...problem, hint: undefined })).join('; '),
    hint: 'correct the file as YAML',
  });
}

function changedMeanwhile(file: string): StormletError {
  return new StormletError({
    code: 'config/changed-meanwhile',
    kind: 'user',
    message: `\`${file}\` was changed since it was read`,
    hint: 'look at it again and repeat your changes',
  });
}

function asProblem({ code, message, hint }: ReturnType<typeof toFault>, file: string): Problem {
  return { severity: 'error', code, message, ...(hint !== undefined && { hint }), file };
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
