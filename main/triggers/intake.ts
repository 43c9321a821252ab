import type { Problem } from '../contract/errors.ts';
import type { TriggerType } from '../contract/packs.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { newId } from '../kit/new-id.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { TriggerInstanceTable } from '../store/trigger-instance-table.ts';
import { type Arrival, admit, admitOwn, type KnownTrigger, knowTrigger, type OwnEvent } from './admit.ts';
import { Backlog } from './backlog.ts';
import type { Cause } from './cause.ts';

/**
 * Takes messages in, has them on disk before they are acknowledged, and hands each instance to the rules once: now, after
 * a pause, or after a start when the app was killed in between.
 */
export type IntakeDeps = {
  readonly table: TriggerInstanceTable;
  readonly groupCommit: GroupCommit;
  readonly clock: Clock;
  readonly log: Log;
  typeOf(trigger: string): TriggerType | undefined;
  /** What is wrong with an event of that cause: too long a row. */
  loopProblem(cause: Cause): Problem | undefined;
  /** The instance meets the rules. */
  onInstance(instance: TriggerInstance): Promise<void>;
  onChange(instance: TriggerInstance): void;
};

/**
 * Instances whose rules are being asked at one time: one slow template must not hold up the others, and the verdicts of
 * as many share one flush of the disk.
 */
const AT_ONCE = 256;
const NO_VERDICTS = { rules: [], stops: [], told: [] };
/** Instances held in memory; in a storm the rest wait on disk, where they are anyway. */
const MAX_QUEUE = 2000;

export class Intake implements AsyncDisposable {
  readonly #deps: IntakeDeps;
  readonly #queue: TriggerInstance[] = [];
  /** Ids that are queued or being judged, so that a look on disk cannot take one twice. */
  readonly #taken = new Set<string>();
  readonly #judging = new Set<Promise<void>>();
  /** A schema is parsed once, and again when its file was: reading it again makes another object. */
  readonly #known = new WeakMap<TriggerType, KnownTrigger>();
  /** In a storm many arrive within one millisecond, and making the text costs more than the rest of an arrival. */
  #lastTime = { at: Number.NaN, text: '' };
  readonly #backlog: Backlog;
  #moreOnDisk = false;
  #paused = false;
  #closed = false;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
    this.#backlog = new Backlog(deps.clock);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /**
   * Resolves once the instance is on disk; rejects when it could not be written, and then it must not be acknowledged. The
   * rules see it a flush earlier: an action that they ask for does not start before its execution is on disk, and with it
   * all that was written before. When too many wait for the rules it takes its time.
   */
  async receive(message: Omit<Arrival, 'receivedAt'>): Promise<TriggerInstance> {
    const arrival = { ...message, receivedAt: this.#timeText(), refusal: this.#refusalOf(message) };
    const instance = await this.#record(admit(arrival, this.#knownTrigger(message.trigger), newId));
    // While it is paused nothing is judged, and sensors go on all the same.
    if (!this.#paused) await this.#backlog.room();
    return instance;
  }

  /** The same for what was no message. What is written with `groupCommit` in the same tick is on disk with it, or not at all. */
  submit(event: OwnEvent): Promise<TriggerInstance> {
    return this.#record(this.#admitOwn(event));
  }

  /** Within a transaction of the caller's, which has to be told with `takeUp` that it is committed. Gives the event's id. */
  write(event: OwnEvent): string {
    const instance = this.#admitOwn(event);
    this.#deps.table.insert(instance);
    return instance.id;
  }

  /** What `write` recorded, unless it was undone, or found on disk meanwhile. */
  takeUp(id: string): void {
    const instance = this.#deps.table.get(id)?.instance;
    if (!instance || instance.status === 'processed' || this.#taken.has(id)) return;
    this.#hasCome(instance);
  }

  async #record(instance: TriggerInstance): Promise<TriggerInstance> {
    const { value: isNew, flushed } = await this.#deps.groupCommit.commit(() => this.#deps.table.insert(instance));
    if (isNew) this.#hasCome(instance);
    await flushed();
    return isNew ? instance : (this.#deps.table.get(instance.id)?.instance ?? instance);
  }

  #hasCome(instance: TriggerInstance): void {
    this.#deps.onChange(instance);
    if (instance.status === 'pending') {
      this.#backlog.hasCome();
      this.#take(instance);
    } else this.#deps.log.warn('refused an event', { trigger: instance.trigger, why: instance.problem?.message });
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.lookOnDisk();
  }

  /** Takes up what is recorded and not yet judged. */
  lookOnDisk(): void {
    this.#backlog.begin(this.#deps.table.countPending());
    this.#moreOnDisk = true;
    this.#pump();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#judging);
  }

  #admitOwn(event: OwnEvent): TriggerInstance {
    const known = this.#knownTrigger(event.trigger);
    return admitOwn({ ...event, refusal: this.#refusalOf(event) }, this.#timeText(), known, newId);
  }

  #refusalOf({ cause, refusal }: Pick<OwnEvent, 'cause' | 'refusal'>): Problem | undefined {
    return refusal ?? (cause && this.#deps.loopProblem(cause));
  }

  #timeText(): string {
    const at = this.#deps.clock.now();
    if (at !== this.#lastTime.at) this.#lastTime = { at, text: new Date(at).toISOString() };
    return this.#lastTime.text;
  }

  #knownTrigger(trigger: string): KnownTrigger | undefined {
    const type = this.#deps.typeOf(trigger);
    if (!type) return undefined;
    const known = this.#known.get(type) ?? knowTrigger(type);
    this.#known.set(type, known);
    return known;
  }

  #take(instance: TriggerInstance): void {
    if (this.#queue.length >= MAX_QUEUE || this.#paused) {
      this.#moreOnDisk = true;
      return;
    }
    this.#queue.push(instance);
    this.#taken.add(instance.id);
    this.#pump();
  }

  #pump(): void {
    while (!this.#closed && !this.#paused && this.#judging.size < AT_ONCE) {
      if (this.#queue.length === 0 && this.#moreOnDisk) this.#refill();
      const next = this.#queue.shift();
      if (!next) return;
      const judged: Promise<void> = this.#judge(next).finally(() => {
        this.#judging.delete(judged);
        this.#taken.delete(next.id);
        this.#backlog.isJudged();
        this.#pump();
      });
      this.#judging.add(judged);
    }
  }

  #refill(): void {
    const found = this.#deps.table.pending(MAX_QUEUE);
    this.#moreOnDisk = found.length === MAX_QUEUE;
    for (const instance of found) {
      if (this.#taken.has(instance.id)) continue;
      this.#taken.add(instance.id);
      this.#queue.push(instance);
    }
  }

  async #judge(instance: TriggerInstance): Promise<void> {
    try {
      await this.#deps.onInstance(instance);
    } catch (error) {
      this.#deps.log.error('the rules could not be asked about a trigger instance', { id: instance.id, error });
      this.#deps.table.setVerdicts(instance.id, 'processing_failed', NO_VERDICTS);
    }
  }
}
