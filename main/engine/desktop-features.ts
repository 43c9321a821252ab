import { type Problem, StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { RuleDefinition } from '../contract/packs.ts';
import type { Clipboard, Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { Operation } from '../runners/stormlet-operation.ts';
import type { Intake } from '../triggers/intake.ts';
import type { RuleBook } from './rule-book.ts';
import { ClipboardWatch } from './watch-clipboard.ts';
import { IDLE, SessionWatch } from './watch-session.ts';
import { SHORTCUT_PRESSED, ShortcutWatch } from './watch-shortcuts.ts';

/** What only a desktop can do, for the packs `clipboard`, `shortcut` and `system`. Where there is none, whoever wants it is told. */
export type DesktopFeaturesDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly registry: Pick<PackRegistry, 'get'>;
  readonly rules: Pick<RuleBook, 'triggers' | 'refresh'>;
  intake(): Pick<Intake, 'receive'>;
};

const CLIPBOARD_CHANGED = 'clipboard.changed';

export class DesktopFeatures implements Disposable {
  readonly #deps: DesktopFeaturesDeps;
  readonly #clipboard: ClipboardWatch | undefined;
  readonly #shortcuts: ShortcutWatch | undefined;
  readonly #session: SessionWatch | undefined;

  constructor(deps: DesktopFeaturesDeps) {
    const { host, clock } = deps;
    this.#deps = deps;
    this.#clipboard =
      host.clipboard &&
      new ClipboardWatch({
        clipboard: host.clipboard,
        clock,
        log: host.log.scope('desktop'),
        config: () => deps.registry.get('clipboard')?.config ?? {},
        dispatch: (payload) => this.#dispatch(CLIPBOARD_CHANGED, payload),
      });
    this.#shortcuts =
      host.shortcuts &&
      new ShortcutWatch({
        shortcuts: host.shortcuts,
        clock,
        dispatch: (trigger, payload) => this.#dispatch(trigger, payload),
      });
    this.#session =
      host.session &&
      new SessionWatch({
        session: host.session,
        clock,
        dispatch: (trigger, payload) => this.#dispatch(trigger, payload),
      });
  }

  /** Brings what is watched in step with rules and configuration. */
  sync(): void {
    this.#clipboard?.sync();
    const { rules } = this.#deps;
    this.#session?.sync(rules.triggers());
    if (this.#shortcuts?.sync(rules.triggers())) rules.refresh();
  }

  /** What is to be said of a rule on one of these triggers. */
  problems(rule: RuleDefinition): Problem[] {
    const { type } = rule.trigger;
    const isMissing =
      (type === CLIPBOARD_CHANGED && !this.#clipboard) ||
      (type === SHORTCUT_PRESSED && !this.#shortcuts) ||
      (type === IDLE && !this.#session);
    const problem = isMissing ? { ...desktopMissing(type), file: rule.file } : this.#shortcuts?.problem(rule);
    return problem ? [problem] : [];
  }

  [Symbol.dispose](): void {
    this.#clipboard?.[Symbol.dispose]();
    this.#shortcuts?.[Symbol.dispose]();
    this.#session?.[Symbol.dispose]();
  }

  /** As if a sensor had sent it. */
  #dispatch(trigger: string, payload: JsonObject): void {
    const body = Buffer.from(JSON.stringify({ payload }));
    this.#deps
      .intake()
      .receive({ trigger, body, source: 'engine' })
      .catch((error) => {
        this.#deps.host.log.error('an event of the desktop could not be recorded', { trigger, error });
      });
  }
}

/** The operations behind the actions of the pack `clipboard`. */
export function clipboardOperations(clipboard: Clipboard | undefined): Readonly<Record<string, Operation>> {
  return {
    async 'clipboard.read'(): Promise<Json> {
      const text = await found(clipboard).readText();
      return { summary: text === undefined ? 'no text' : `${text.length} characters`, text: text ?? null };
    },
    async 'clipboard.write'({ text }): Promise<Json> {
      const written = typeof text === 'string' ? text : JSON.stringify(text ?? '');
      await found(clipboard).writeText(written);
      return { summary: `${written.length} characters are in the clipboard` };
    },
  };
}

function found(clipboard: Clipboard | undefined): Clipboard {
  if (clipboard) return clipboard;
  const { code, message, hint } = desktopMissing('the clipboard');
  throw new StormletError({ code, kind: 'environment', message, hint });
}

function desktopMissing(what: string) {
  const message = `${what.includes('.') ? `\`${what}\`` : what} needs the desktop app, and this one runs without a desktop`;
  const hint = 'start Stormlet on a desktop with `npm start`';
  return { severity: 'warning', code: 'host/desktop-missing', message, hint } as const;
}
