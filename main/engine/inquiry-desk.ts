import type { Execution } from '../contract/executions.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Emit } from '../contract/rpc.ts';
import { Inquiries } from '../executions/inquiries.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Store } from '../store/store.ts';
import type { Intake } from '../triggers/intake.ts';

/** The trigger type, of the pack `core`, that tells of each new question. */
const TRIGGER = 'core.st2.generic.inquiry';

/** Joins questions with triggers and windows: each new one is an event, and every change of one is told. */
export class InquiryDesk implements Disposable {
  readonly inquiries: Inquiries;
  readonly #intake: Pick<Intake, 'receive'>;
  readonly #log: Log;

  constructor(deps: {
    readonly store: Store;
    readonly clock: Clock;
    readonly host: Host;
    readonly intake: Pick<Intake, 'receive'>;
    readonly emit: Emit;
    onEnd(execution: Execution): void;
    consider(execution: Execution): void;
  }) {
    this.#intake = deps.intake;
    this.#log = deps.host.log.scope('executions');
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
    const body = Buffer.from(JSON.stringify({ payload: { id: execution.id, route } }));
    this.#intake.receive({ trigger: TRIGGER, body, source: 'engine' }).catch((error) => {
      this.#log.error('an inquiry could not be made an event', { execution: execution.id, error });
    });
  }

  [Symbol.dispose](): void {
    this.inquiries[Symbol.dispose]();
  }
}
