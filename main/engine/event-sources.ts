import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import type { CauseSources } from '../triggers/cause.ts';
import type { Intake } from '../triggers/intake.ts';
import { Webhooks } from '../triggers/webhooks.ts';
import { InternalEvents } from './internal-events.ts';
import type { RuleBook } from './rule-book.ts';

/** Where events come from beside sensors: everything behind the trigger types of the pack `core`. */
export type EventSourcesDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  readonly intake: Intake;
  readonly rules: Pick<RuleBook, 'triggers' | 'on'>;
};

export class EventSources {
  /** What is posted to `/v1/webhooks/…`. */
  readonly webhooks: Webhooks;
  /** What the app tells of itself. */
  readonly internal: InternalEvents;

  constructor({ host, clock, store, intake, rules }: EventSourcesDeps) {
    this.webhooks = new Webhooks({
      triggers: () => rules.triggers(),
      submit: (event) => intake.submit(event),
      maxBodyBytes: () => host.settings.get().webhooks.maxBodyBytes,
    });
    this.internal = new InternalEvents({
      intake,
      clock,
      log: host.log.scope('triggers'),
      causes: causeSources(store),
      settings: () => host.settings.get().triggers,
      isHeard: (trigger) => rules.on(trigger).rules.length > 0,
    });
  }
}

export function causeSources(store: Pick<Store, 'executions' | 'triggerInstances'>): CauseSources {
  return {
    execution: (id) => store.executions.get(id),
    instance: (id) => store.triggerInstances.get(id)?.instance,
  };
}
