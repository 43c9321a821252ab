import type { Execution } from '../contract/executions.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Emit } from '../contract/rpc.ts';
import { Inquiries } from '../executions/inquiries.ts';
import type { Clock } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import type { InternalEvents } from './internal-events.ts';

/** Joins questions with triggers and windows: each new one is an event, and every change of one is told. */
export class InquiryDesk implements Disposable {
  readonly inquiries: Inquiries;
  readonly #events: Pick<InternalEvents, 'inquiry'>;

  constructor(deps: {
    readonly store: Store;
    readonly clock: Clock;
    readonly events: Pick<InternalEvents, 'inquiry'>;
    readonly emit: Emit;
    onEnd(execution: Execution): void;
    consider(execution: Execution): void;
  }) {
    this.#events = deps.events;
    this.inquiries = new Inquiries({
      table: deps.store.executions,
      clock: deps.clock,
      onChange: (id) => deps.emit('inquiries.changed', { id }),
      onEnd: (execution) => {
        deps.onEnd(execution);
        // Whoever answered knows that it is over.
        if (execution.status !== 'succeeded') deps.consider(execution);
      },
    });
  }

  /** Told of every change of an execution. */
  follow(execution: Execution): void {
    if (!this.inquiries.follow(execution)) return;
    const route = isJsonObject(execution.result) ? (execution.result.route ?? '') : '';
    this.#events.inquiry(execution.id, String(route));
  }

  [Symbol.dispose](): void {
    this.inquiries[Symbol.dispose]();
  }
}
