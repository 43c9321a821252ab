import type { JsonObject } from '../contract/json.ts';
import type { Trigger } from '../contract/triggers.ts';
import type { DesktopSession } from '../host.ts';
import type { Clock } from '../kit/clock.ts';

/**
 * Dispatches `system.idle` for the rules that ask for it, and `system.session` where the pack's own sensor cannot find out.
 * How long nobody touched anything has to be looked for, so it is looked for only while a rule wants to know.
 */
export type SessionWatchDeps = {
  readonly session: DesktopSession;
  readonly clock: Clock;
  dispatch(trigger: string, payload: JsonObject): void;
};

export const IDLE = 'system.idle';
const SESSION = 'system.session';
const LOOK_MS = 5_000;
const SECONDS = 60;
/** What the trigger's own file says, too. */
const DEFAULT_MINUTES = 10;

export class SessionWatch implements Disposable {
  readonly #deps: SessionWatchDeps;
  readonly #stopListening: () => void;
  /** By trigger, whether the person is away. Unknown before the first look: how it was before is no change. */
  #away = new Map<string, boolean | undefined>();
  #minutes: ReadonlyMap<string, number> = new Map();
  #wantsSession = false;
  #callOff: (() => void) | undefined;

  constructor(deps: SessionWatchDeps) {
    this.#deps = deps;
    this.#stopListening = deps.session.onEvent((event) => {
      if (this.#wantsSession) deps.dispatch(SESSION, { event, slept_seconds: null });
    });
  }

  sync(triggers: readonly Trigger[]): void {
    this.#wantsSession = triggers.some(({ type }) => type === SESSION);
    const idle = triggers.filter(({ type }) => type === IDLE);
    this.#minutes = new Map(idle.map(({ ref, parameters }) => [ref, minutesOf(parameters)]));
    this.#away = new Map(idle.map(({ ref }) => [ref, this.#away.get(ref)]));
    if (idle.length > 0) this.#callOff ??= this.#lookSoon();
    else this.#stopLooking();
  }

  [Symbol.dispose](): void {
    this.#stopLooking();
    this.#stopListening();
  }

  #lookSoon(): () => void {
    return this.#deps.clock.after(LOOK_MS, () => {
      this.#look(this.#deps.session.idleSeconds());
      this.#callOff = this.#lookSoon();
    });
  }

  #look(seconds: number): void {
    for (const [ref, minutes] of this.#minutes) {
      const isAway = seconds >= minutes * SECONDS;
      const was = this.#away.get(ref);
      this.#away.set(ref, isAway);
      if (was === undefined || was === isAway) continue;
      this.#deps.dispatch(ref, { event: isAway ? 'away' : 'back', minutes, idle_seconds: Math.round(seconds) });
    }
  }

  #stopLooking(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}

function minutesOf({ minutes }: JsonObject): number {
  return typeof minutes === 'number' && minutes > 0 ? minutes : DEFAULT_MINUTES;
}
