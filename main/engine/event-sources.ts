import type { Broker } from '../bus/broker.ts';
import type { Problem } from '../contract/errors.ts';
import type { TimerStatus, TriggerInstance } from '../contract/triggers.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { LoadedRule } from '../packs/pack.ts';
import type { Store } from '../store/store.ts';
import { type CauseSources, causeOfSent } from '../triggers/cause.ts';
import { Deliveries, type Delivery } from '../triggers/deliveries.ts';
import type { Intake } from '../triggers/intake.ts';
import { type MqttMessage, receiveMqtt } from '../triggers/mqtt-topics.ts';
import { isTimer } from '../triggers/timers/schedule.ts';
import { Timers } from '../triggers/timers/timers.ts';
import { Webhooks } from '../triggers/webhooks.ts';
import type { ApiDesk } from './api-desk.ts';
import { InternalEvents } from './internal-events.ts';
import { LoopBreaker, type LoopBreakerDeps } from './loop-breaker.ts';
import type { RuleBook } from './rule-book.ts';

/** Where events come from beside sensors: everything behind the trigger types of the pack `core`. */
export type EventSourcesDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  readonly intake: Intake;
  readonly rules: Pick<RuleBook, 'triggers' | 'on' | 'triggerOf' | 'refresh'>;
  readonly executions: LoopBreakerDeps['executions'];
  readonly tell: LoopBreakerDeps['tell'];
  readonly broker: Pick<Broker, 'followsResults'>;
  readonly api: Pick<ApiDesk, 'followsResults'>;
};

type Delivered = { readonly delivery?: Delivery | undefined };

export class EventSources implements Disposable {
  /** What is posted to `/v1/webhooks/…`. */
  readonly webhooks: Webhooks;
  /** What the app tells of itself. */
  readonly internal: InternalEvents;
  /** What clients of the bus send once more. */
  readonly deliveries: Deliveries;
  /** What stops a rule that runs because of itself. */
  readonly loops: LoopBreaker;
  readonly #timers: Timers;
  readonly #rules: EventSourcesDeps['rules'];
  readonly #submit: Intake['submit'];
  readonly #causes: CauseSources;

  constructor({ host, clock, store, intake, rules, executions, tell, broker, api }: EventSourcesDeps) {
    this.#rules = rules;
    this.#causes = causeSources(store, clock);
    this.#submit = (event) => intake.submit(event);
    this.deliveries = new Deliveries({
      table: store.deliveries,
      groupCommit: store.groupCommit,
      clock,
      log: host.log.scope('triggers'),
    });
    const settings = () => host.settings.get().triggers;
    this.loops = new LoopBreaker({
      clock,
      store,
      causes: this.#causes,
      log: host.log.scope('rules'),
      settings,
      executions,
      followsResults: (source) => broker.followsResults(source) || api.followsResults(source),
      onHalt: () => rules.refresh(),
      tell,
    });
    this.webhooks = new Webhooks({
      triggers: () => rules.triggers(),
      submit: this.#submit,
      causeFor: (execution) => this.causeFor(execution),
      maxBodyBytes: () => host.settings.get().webhooks.maxBodyBytes,
    });
    this.internal = new InternalEvents({
      intake,
      clock,
      log: host.log.scope('triggers'),
      causes: this.#causes,
      settings,
      isHeard: (trigger) => rules.on(trigger).rules.length > 0,
    });
    store.executions.onWrite((execution) => this.internal.writeWith(execution));
    this.#timers = new Timers({
      clock,
      log: host.log.scope('triggers'),
      table: store.timers,
      groupCommit: store.groupCommit,
      submit: this.#submit,
      missedRuns: () => host.settings.get().timers.missedRuns,
      isPaused: () => intake.paused,
      onSpent: () => rules.refresh(),
    });
  }

  /** Brings what is waited for in step with the rules. */
  sync(): void {
    if (this.#timers.sync(this.#rules.triggers())) this.#rules.refresh();
  }

  /** Resolves when what was published on a topic of nobody in particular is recorded, where a rule listens to it. */
  receiveMqtt({ delivery, ...message }: Omit<MqttMessage, 'receipt'> & Delivered): Promise<void> {
    const receipt = () => delivery && this.deliveries.receipt(delivery, message.topic, message.body);
    return receiveMqtt({ triggers: () => this.#rules.triggers(), submit: this.#submit }, { ...message, receipt });
  }

  /** For a message on a trigger's own topic. */
  receiptOf({ trigger, body, delivery }: { readonly trigger: string; readonly body: Buffer } & Delivered) {
    return delivery && (() => this.deliveries.receipt(delivery, trigger, body));
  }

  timers(): TimerStatus[] {
    return this.#timers.list().map(({ trigger: { ref, type, parameters }, due }) => ({
      ref,
      type,
      parameters,
      rules: this.#rules.on(ref).rules.map(({ definition }) => definition.ref),
      ...(due !== undefined && { nextAt: new Date(due).toISOString() }),
    }));
  }

  /** For an event that the program of an execution sends. */
  causeFor(execution: string | undefined): TriggerInstance['cause'] {
    return execution === undefined ? undefined : causeOfSent(this.#causes, execution);
  }

  /** What is to be said of a rule on one of these triggers. */
  problems({ definition, lines }: LoadedRule): Problem[] {
    const loop = this.loops.problems(definition.ref, definition.file);
    if (loop.length > 0) return loop;
    const trigger = isTimer(definition.trigger.type) ? this.#rules.triggerOf(definition) : undefined;
    if (!trigger || !this.#timers.isSpent(trigger.ref)) return [];
    const { file } = definition;
    return [
      {
        severity: 'warning',
        code: 'timer/over',
        message: 'its timer never comes again: the time has passed, or there is no such day',
        hint: 'give the trigger other parameters',
        file,
        ...(lines.trigger !== undefined && { line: lines.trigger }),
      },
    ];
  }

  [Symbol.dispose](): void {
    this.deliveries[Symbol.dispose]();
    this.loops[Symbol.dispose]();
    this.#timers[Symbol.dispose]();
  }
}

export function causeSources(store: Pick<Store, 'executions' | 'triggerInstances'>, clock: Clock): CauseSources {
  return {
    now: () => clock.now(),
    execution: (id) => store.executions.get(id),
    instance: (id) => store.triggerInstances.get(id)?.instance,
  };
}
