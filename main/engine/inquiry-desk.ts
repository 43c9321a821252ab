import type { Execution } from '../contract/executions.ts';
import type { Emit } from '../contract/rpc.ts';
import { Inquiries } from '../executions/inquiries.ts';
import type { Clock } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';

/** Joins questions with windows: every change of one is told. */
export class InquiryDesk implements Disposable {
  readonly inquiries: Inquiries;

  constructor(deps: {
    readonly store: Store;
    readonly clock: Clock;
    readonly emit: Emit;
    onEnd(execution: Execution): void;
    consider(execution: Execution): void;
  }) {
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
    this.inquiries.follow(execution);
  }

  [Symbol.dispose](): void {
    this.inquiries[Symbol.dispose]();
  }
}
