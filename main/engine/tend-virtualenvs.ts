import { type PackRef, ResourceRef } from '../contract/refs.ts';
import type { SensorStatus } from '../contract/sensors.ts';
import type { ExecutionRequest } from '../executions/new-execution.ts';
import type { Host, SettingsStore } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Pack } from '../packs/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { Virtualenvs } from '../packs/virtualenvs/virtualenvs.ts';
import type { PackParts } from './build-packs.ts';

/** The tender of an engine's virtualenvs; `submit` takes a request as that of a person is taken. */
export function virtualenvTender(
  host: Host,
  clock: Clock,
  packs: PackParts,
  submit: (request: ExecutionRequest) => Promise<unknown>,
): VirtualenvTender {
  return new VirtualenvTender({
    ...packs,
    clock,
    log: host.log.scope('packs'),
    settings: host.settings,
    rebuild: (ref) =>
      submit({ action: SET_UP, parameters: { packs: [ref], update: true }, context: { source: 'engine' } }),
  });
}

const SET_UP = ResourceRef.parse('packs.setup_virtualenv');

export type VirtualenvTenderDeps = {
  readonly registry: PackRegistry;
  readonly virtualenvs: Virtualenvs;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Pick<SettingsStore, 'get' | 'onChange'>;
  isEnabled(ref: PackRef): boolean;
  /** Asks for `packs.setup_virtualenv`: an execution like any other, in the history and to be called off. */
  rebuild(ref: PackRef): Promise<unknown>;
};

/** A requirements.txt that is being edited is left alone until it was still for this long. */
const QUIET_MS = 2000;

/**
 * Joins packs and executions: keeps virtualenvs in step with the machine and with their packs. One whose Python was removed
 * or replaced is built again by itself; one whose requirements.txt changed only where the settings say so. Each cause is
 * acted on once: what failed is then the person's to look at.
 */
export class VirtualenvTender implements AsyncDisposable {
  readonly #deps: VirtualenvTenderDeps;
  readonly #ending = new AbortController();
  /** What was acted on already, by pack. */
  readonly #acted = new Map<PackRef, string>();
  readonly #waiting = new Map<PackRef, () => void>();
  readonly #unfollow: (() => void)[] = [];
  /** One look at a time. */
  #looking: Promise<void> = Promise.resolve();

  constructor(deps: VirtualenvTenderDeps) {
    this.#deps = deps;
  }

  /** Before any sensor is started: none shall run on a Python that is another one now. */
  async examine(): Promise<void> {
    const refs = this.#packs().map(({ ref }) => ref);
    await this.#deps.virtualenvs.examine(refs, this.#ending.signal);
  }

  /** Builds again what is broken, and from now on follows the packs. */
  start(): void {
    const { registry, virtualenvs, settings } = this.#deps;
    for (const pack of this.#packs()) {
      // What failed in an earlier run waits for a person, or for another requirements.txt.
      if (virtualenvs.status(pack).state === 'failed' && !virtualenvs.brokenBy(pack.ref)) this.#note(pack);
      this.#tend(pack);
    }
    this.#unfollow.push(
      registry.onChange(({ ref }) => this.#later(ref)),
      settings.onChange(() => {
        for (const { ref } of this.#packs()) this.#later(ref);
      }),
    );
  }

  /** Something of the pack could not be started, or ended badly: perhaps its Python is not what it was. */
  suspect(ref: PackRef): void {
    this.#looking = this.#looking.then(async () => {
      if (this.#ending.signal.aborted) return;
      await this.#deps.virtualenvs.examine([ref], this.#ending.signal);
      const pack = this.#deps.registry.get(ref);
      if (pack) this.#tend(pack);
    });
    this.#looking = this.#looking.catch((error) => this.#warn(ref, error));
  }

  /** A sensor that dies may do so because its Python is gone. */
  sawSensor({ pack, state }: SensorStatus): void {
    if (state === 'backing-off' || state === 'given-up') this.suspect(pack);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort('canceled');
    for (const end of this.#unfollow) end();
    for (const callOff of this.#waiting.values()) callOff();
    await this.#looking;
  }

  #packs(): Pack[] {
    return this.#deps.registry.list().filter(({ ref, manifest }) => manifest && this.#deps.isEnabled(ref));
  }

  #later(ref: PackRef): void {
    this.#waiting.get(ref)?.();
    const callOff = this.#deps.clock.after(QUIET_MS, () => {
      this.#waiting.delete(ref);
      const pack = this.#packs().find((one) => one.ref === ref);
      if (pack) this.#tend(pack);
    });
    this.#waiting.set(ref, callOff);
  }

  #tend(pack: Pack): void {
    const why = this.#whyRebuild(pack);
    if (why === undefined || this.#acted.get(pack.ref) === this.#cause(pack)) return;
    this.#note(pack);
    this.#deps.log.info('a virtualenv is built again', { pack: pack.ref, why });
    this.#deps.rebuild(pack.ref).catch((error) => this.#warn(pack.ref, error));
  }

  #whyRebuild(pack: Pack): string | undefined {
    const { virtualenvs, settings } = this.#deps;
    const { state, why } = virtualenvs.status(pack);
    if (state === 'building' || state === 'not-needed') return undefined;
    const broken = virtualenvs.brokenBy(pack.ref);
    if (broken && broken.kind !== 'deleted') return broken.why;
    const isChanged = state === 'outdated' || state === 'failed';
    const isWanted = settings.get().python.updateVirtualenvs === 'automatic';
    return isChanged && isWanted ? (why ?? 'requirements.txt changed') : undefined;
  }

  #note(pack: Pack): void {
    this.#acted.set(pack.ref, this.#cause(pack));
  }

  #cause(pack: Pack): string {
    return JSON.stringify([this.#deps.virtualenvs.brokenBy(pack.ref)?.why, pack.requirements]);
  }

  #warn(ref: PackRef, error: unknown): void {
    this.#deps.log.warn('a virtualenv could not be looked after', { pack: ref, error });
  }
}
