import type { Problem } from '../contract/errors.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { TriggerSettings } from '../contract/trigger-settings.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { Executions } from '../executions/executions.ts';
import type { NewExecution } from '../executions/new-execution.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Judgement } from '../pipeline.ts';
import { LoopProbe } from '../rules/loop-probe.ts';
import { RunRate } from '../rules/run-rate.ts';
import type { Store } from '../store/store.ts';
import { type CauseSources, generations } from '../triggers/cause.ts';

export type LoopBreakerDeps = {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<Store, 'haltedRules' | 'executions' | 'groupCommit'>;
  readonly causes: CauseSources;
  settings(): TriggerSettings;
  executions(): Pick<Executions, 'release' | 'cancel'>;
  /** Its publisher hears what becomes of executions. */
  followsResults(source: string): boolean;
  /** The rules have to be looked at anew. */
  onHalt(): void;
  /** A notice for the person. */
  tell(title: string, body: string): void;
};

type Probed = { readonly rule: ResourceRef; readonly probe: LoopProbe; readonly held: string[]; callOff(): void };

/** The problem of a rule that was stopped. */
export const STOPPED = 'rule/loop';
/** Runs that were each caused by the one before, where that is known. */
const GENERATIONS = 10;
/** A rule that was found to be driven from outside is left alone for so long. */
const TRUST_MS = 3_600_000;
/** Whatever becomes of the app meanwhile, what is held back goes on then. */
const LONGEST_HELD_MS = 120_000;
/** More than this is not of the rule's own making, since none of its runs goes on. */
const MOST_HELD = 5000;
const BATCH = 200;

/**
 * Stops a rule that runs because of itself. How often a rule runs says nothing: a storm of a sensor's is what rules are there
 * for. So one that runs often, and on and on, is only looked at: where events say which execution caused them, by that; else by
 * holding its runs back for a moment (`LoopProbe`). A program outside that hears results, and sends the next event when it
 * has one, goes round on purpose. A stopped rule is listed as broken, with the reason, until it is switched on.
 */
export class LoopBreaker implements Disposable {
  readonly #deps: LoopBreakerDeps;
  readonly #halted: Map<string, string>;
  readonly #rates = new Map<string, { readonly spanMs: number; readonly rate: RunRate }>();
  readonly #trustedUntil = new Map<string, number>();
  /** One at a time: two rules that run each other would each be held back by the other's probe. */
  #probed: Probed | undefined;

  constructor(deps: LoopBreakerDeps) {
    this.#deps = deps;
    this.#halted = new Map(deps.store.haltedRules.list().map(({ rule, why }) => [rule, why]));
  }

  /** What the rules made of an event, as it is to be recorded: a run may have to wait. */
  admit(instance: TriggerInstance, judgement: Judgement): Judgement {
    if (judgement.executions.length === 0 || this.#deps.settings().loopRuns === 0) return judgement;
    return { ...judgement, executions: judgement.executions.map((run) => this.#look(instance, run)) };
  }

  /** What is to be said of a rule. */
  problems(rule: ResourceRef, file: string): Problem[] {
    const why = this.#halted.get(rule);
    if (why === undefined) return [];
    const hint = `let its criteria leave out what its own action causes, then switch it on: \`stormlet rule enable ${rule}\``;
    return [{ severity: 'error', code: STOPPED, message: why, hint, file }];
  }

  /** Somebody switched the rule, or wrote it anew: it is theirs to know. */
  resume(rule: string): void {
    if (this.#halted.delete(rule)) this.#deps.store.haltedRules.delete(rule);
    this.#rates.delete(rule);
  }

  [Symbol.dispose](): void {
    this.#probed?.callOff();
  }

  #look(instance: TriggerInstance, run: NewExecution): NewExecution {
    const { rule } = run.execution.context;
    if (rule === undefined) return run;
    const now = this.#deps.clock.now();
    const rate = this.#rateOf(rule);
    rate.saw(now);
    if (this.#probed?.rule === rule) return this.#holdBack(this.#probed, run, now);
    if (rate.count(now) < this.#deps.settings().loopRuns || this.#halted.has(rule)) return run;
    if (instance.cause && generations(this.#deps.causes, instance, rule, GENERATIONS) >= GENERATIONS) {
      this.#halt(rule);
      return run;
    }
    if (this.#probed || now < (this.#trustedUntil.get(rule) ?? 0) || !rate.isSustained(now)) return run;
    if (this.#deps.followsResults(instance.source)) return run;
    return this.#holdBack(this.#begin(rule, rate.count(now), now), run, now);
  }

  #rateOf(rule: string): RunRate {
    const spanMs = this.#spanMs;
    const known = this.#rates.get(rule);
    if (known?.spanMs === spanMs) return known.rate;
    const rate = new RunRate(spanMs);
    this.#rates.set(rule, { spanMs, rate });
    return rate;
  }

  get #spanMs(): number {
    return this.#deps.settings().loopSeconds * 1000;
  }

  #begin(rule: ResourceRef, count: number, now: number): Probed {
    const quietMs = this.#spanMs / 5;
    const probe = new LoopProbe(now, quietMs, this.#spanMs / count);
    this.#probed = { rule, probe, held: [], callOff: () => {} };
    this.#deps.log.info('a rule runs on and on; its runs wait for a moment, to see whether it causes them itself', {
      rule,
    });
    this.#lookAgain(this.#probed, Math.min(quietMs / 10, SOONEST_MS));
    return this.#probed;
  }

  #holdBack({ probe, held, rule }: Probed, run: NewExecution, now: number): NewExecution {
    probe.matched(now);
    const { execution } = run;
    if (execution.status !== 'requested') return run;
    held.push(execution.id);
    const reason = `it is looked at whether the rule \`${rule}\` runs because of itself`;
    const delay = { reason, until: new Date(now + LONGEST_HELD_MS).toISOString() };
    return { ...run, execution: { ...execution, status: 'delayed', delay } };
  }

  #lookAgain(probed: Probed, everyMs: number): void {
    probed.callOff = this.#deps.clock.after(everyMs, () => {
      const { clock, store } = this.#deps;
      const { rule, probe, held } = probed;
      const step = probe.look(clock.now(), store.executions.isBusyOf(rule));
      if (step === 'loop') this.#isLoop(probed);
      else if (step === 'no loop' || held.length > MOST_HELD) this.#isNone(probed);
      else if (step === 'release' && held.length === 0) this.#isNone(probed);
      else {
        if (step === 'release') this.#release(held.splice(0, 1));
        this.#lookAgain(probed, everyMs);
      }
    });
  }

  #isLoop({ rule, held }: Probed): void {
    this.#probed = undefined;
    this.#halt(rule);
    this.#each(held, (id) => void this.#deps.executions().cancel(id));
  }

  #isNone({ rule, held }: Probed): void {
    this.#probed = undefined;
    this.#trustedUntil.set(rule, this.#deps.clock.now() + TRUST_MS);
    this.#release(held);
  }

  #release(ids: readonly string[]): void {
    this.#each(ids, (id) => this.#deps.executions().release(id));
  }

  /** What was held back is recorded by then, at the latest in the same transaction; many share a flush of the disk. */
  #each(ids: readonly string[], work: (id: string) => void): void {
    const { store, log } = this.#deps;
    for (let at = 0; at < ids.length; at += BATCH) {
      const batch = ids.slice(at, at + BATCH);
      const isHeld = (id: string) => store.executions.get(id)?.status === 'delayed';
      store.groupCommit
        .commit(() => batch.filter(isHeld).forEach(work))
        .catch((error) => log.warn('executions are held back for longer than they have to', { error }));
    }
  }

  #halt(rule: ResourceRef): void {
    const { settings, store, clock, log, tell } = this.#deps;
    const { loopRuns, loopSeconds } = settings();
    const why = `it was stopped, because its own action causes what it listens to: it ran more than ${loopRuns} times in ${loopSeconds} seconds`;
    this.#halted.set(rule, why);
    store.haltedRules.put({ rule, why, at: isoTime(clock) });
    log.warn('a rule was stopped: its own action causes what it listens to', { rule });
    this.#deps.onHalt();
    tell(`The rule ${rule} was stopped`, why);
  }
}

const SOONEST_MS = 100;
