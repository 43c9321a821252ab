import { isTemplate } from '../contract/check-parameters.ts';
import type { Fault, Problem } from '../contract/errors.ts';
import { toFault } from '../contract/errors.ts';
import type { PackRef } from '../contract/refs.ts';
import { type ConfigRenderer, type EffectiveConfig, renderConfig } from '../expressions/render-config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Pack } from '../packs/pack.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';

/**
 * Joins packs, expressions and the datastore: each pack's configuration as it reads now. An action's is rendered when it
 * starts; sensors run on the last one that could be rendered, and are told when another comes out.
 */
export type PackConfigsDeps = ConfigRenderer & {
  readonly datastore: Pick<DatastoreFile, 'read' | 'decrypt' | 'version'>;
  readonly clock: Clock;
  readonly log: Log;
  packs(): readonly Pack[];
  /** What sensors of this pack run on is another now. */
  onChange(ref: PackRef): void;
};

export type CurrentConfig =
  | { readonly state: 'ready'; readonly config: EffectiveConfig }
  | { readonly state: 'rendering' }
  | { readonly state: 'failed'; readonly fault: Fault };

/** How soon it is seen that a pack's process wrote a key, or that a key's time is over. */
const LOOK_MS = 1000;

export class PackConfigs implements Disposable {
  readonly #deps: PackConfigsDeps;
  /** Those without templates never change while the pack's files do not. */
  readonly #plain = new WeakMap<Pack, EffectiveConfig>();
  readonly #rendered = new Map<PackRef, { readonly pack: Pack; readonly turn: number; current: CurrentConfig }>();
  #turns = 0;
  #version = '';
  #callOff: (() => void) | undefined;

  constructor(deps: PackConfigsDeps) {
    this.#deps = deps;
  }

  /** What an action that starts now gets. Fails with `config/render-failed`. */
  effective(pack: Pack): EffectiveConfig | Promise<EffectiveConfig> {
    const known = this.#plain.get(pack);
    if (known) return known;
    const config = renderConfig(
      { pack: pack.ref, specs: pack.configSchema, values: pack.config, placeOf: pack.placeOfConfig },
      this.#deps,
    );
    if (!(config instanceof Promise)) this.#plain.set(pack, config);
    return config;
  }

  /** At once: what the pack's sensors are to run on. While a changed file is being rendered, that is what it was before. */
  current(pack: Pack): CurrentConfig {
    if (!isTemplate(pack.config)) {
      this.#rendered.delete(pack.ref);
      return { state: 'ready', config: this.effective(pack) as EffectiveConfig };
    }
    const known = this.#rendered.get(pack.ref);
    if (known?.pack !== pack) this.#render(pack);
    this.#look();
    return this.#rendered.get(pack.ref)?.current ?? { state: 'rendering' };
  }

  /** What only rendering can tell: an expression that fails, or that gives nothing for what is required. */
  findings(pack: Pack): { readonly problems: readonly Problem[]; readonly missing: readonly string[] } {
    const current = this.current(pack);
    if (current.state === 'failed') return { problems: [renderingProblem(pack, current.fault)], missing: [] };
    if (current.state !== 'ready' || !isTemplate(pack.config)) return { problems: [], missing: [] };
    const { values } = current.config;
    const missing = Object.entries(pack.configSchema).flatMap(([name, { required }]) =>
      required === true && values[name] === null && isTemplate(pack.config[name] ?? null) ? [name] : [],
    );
    return { problems: missing.map((name) => emptyProblem(pack, name)), missing };
  }

  /** Some key may have changed. */
  refresh(): void {
    for (const pack of this.#deps.packs()) {
      if (this.#rendered.has(pack.ref)) this.#render(pack);
    }
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#rendered.clear();
  }

  #render(pack: Pack): void {
    this.#turns += 1;
    const turn = this.#turns;
    // What is written from here on is seen as a change.
    this.#version = this.#readVersion();
    const before = this.#rendered.get(pack.ref)?.current ?? { state: 'rendering' };
    this.#rendered.set(pack.ref, { pack, turn, current: before });
    this.#outcome(pack).then((current) => {
      const held = this.#rendered.get(pack.ref);
      // A later rendering, or none at all, has taken its place.
      if (held?.turn !== turn) return;
      held.current = current;
      if (JSON.stringify(before) !== JSON.stringify(current)) this.#deps.onChange(pack.ref);
    });
  }

  async #outcome(pack: Pack): Promise<CurrentConfig> {
    try {
      return { state: 'ready', config: await this.effective(pack) };
    } catch (error) {
      return { state: 'failed', fault: toFault(error) };
    }
  }

  /** Nothing tells that another process wrote to the file, so while anyone depends on it, it is looked at. */
  #look(): void {
    this.#callOff ??= this.#deps.clock.after(LOOK_MS, () => {
      this.#callOff = undefined;
      if (this.#rendered.size === 0) return;
      const version = this.#readVersion();
      if (version !== this.#version) this.refresh();
      this.#look();
    });
  }

  #readVersion(): string {
    try {
      return this.#deps.datastore.version();
    } catch (error) {
      this.#deps.log.warn('the datastore cannot be looked at', { error });
      return this.#version;
    }
  }
}

function renderingProblem(pack: Pack, { code, message, hint }: Fault): Problem {
  return { severity: 'error', code, message, ...(hint !== undefined && { hint }), file: pack.configFile.file };
}

function emptyProblem(pack: Pack, name: string): Problem {
  return {
    severity: 'warning',
    code: 'config/value-missing',
    message: `the pack requires \`${name}\`, and its expression in ${pack.placeOfConfig([name])} gives nothing`,
    hint: `set \`${name}\` on the pack's page, or store the key that the expression reads`,
  };
}
