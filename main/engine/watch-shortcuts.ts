import type { Problem } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import type { RuleDefinition } from '../contract/packs.ts';
import type { Trigger } from '../contract/triggers.ts';
import type { Shortcuts } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';

/** Registers the shortcuts that rules ask for, and dispatches an event for each press, as a sensor would. */
export type ShortcutWatchDeps = {
  readonly shortcuts: Shortcuts;
  readonly clock: Clock;
  dispatch(trigger: string, payload: JsonObject): void;
};

export const SHORTCUT_PRESSED = 'shortcut.pressed';

const REFUSALS = {
  taken: {
    what: 'cannot be registered: another program or the desktop itself has it',
    hint: 'choose other keys, or free these in the settings of the desktop',
  },
  invalid: { what: 'names no keys', hint: 'write it like `CommandOrControl+Alt+K`' },
} as const;

export class ShortcutWatch implements Disposable {
  readonly #deps: ShortcutWatchDeps;
  /** What came of each that is wanted. */
  readonly #registered = new Map<string, ReturnType<Shortcuts['register']>>();
  #wanted: ReadonlyMap<string, string> = new Map();

  constructor(deps: ShortcutWatchDeps) {
    this.#deps = deps;
  }

  /** True when what is to be said of some rule has changed. One that was refused is tried again when rules change. */
  sync(triggers: readonly Trigger[]): boolean {
    this.#wanted = new Map(
      triggers.flatMap((trigger) => {
        const accelerator = acceleratorOf(trigger.type, trigger.parameters);
        return accelerator === undefined ? [] : [[accelerator, trigger.ref]];
      }),
    );
    const before = this.#refused();
    for (const [accelerator, outcome] of this.#registered) {
      if (!this.#wanted.has(accelerator) || outcome !== 'registered') this.#release(accelerator);
    }
    for (const accelerator of this.#wanted.keys()) {
      if (!this.#registered.has(accelerator)) this.#register(accelerator);
    }
    return before !== this.#refused();
  }

  problem({ trigger, file }: RuleDefinition): Problem | undefined {
    const accelerator = acceleratorOf(trigger.type, trigger.parameters);
    const outcome = accelerator === undefined ? undefined : this.#registered.get(accelerator);
    if (outcome === undefined || outcome === 'registered') return undefined;
    const { what, hint } = REFUSALS[outcome];
    const message = `the shortcut \`${accelerator}\` ${what}`;
    return { severity: 'warning', code: `shortcut/${outcome}`, message, hint, file };
  }

  [Symbol.dispose](): void {
    for (const accelerator of this.#registered.keys()) this.#release(accelerator);
  }

  #register(accelerator: string): void {
    const { shortcuts, clock, dispatch } = this.#deps;
    const onPressed = () =>
      dispatch(this.#wanted.get(accelerator) ?? SHORTCUT_PRESSED, { accelerator, pressed_at: isoTime(clock) });
    this.#registered.set(accelerator, shortcuts.register(accelerator, onPressed));
  }

  #release(accelerator: string): void {
    if (this.#registered.get(accelerator) === 'registered') this.#deps.shortcuts.unregister(accelerator);
    this.#registered.delete(accelerator);
  }

  #refused(): string {
    return JSON.stringify([...this.#registered].filter(([, outcome]) => outcome !== 'registered').sort());
  }
}

function acceleratorOf(type: string, { accelerator }: JsonObject): string | undefined {
  return type === SHORTCUT_PRESSED && typeof accelerator === 'string' ? accelerator : undefined;
}
