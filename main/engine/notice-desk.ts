import { randomUUID } from 'node:crypto';
import type { Execution } from '../contract/executions.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { consider } from '../notifications/consider.ts';
import { NoticeDelivery } from '../notifications/notice-delivery.ts';
import type { Store } from '../store/store.ts';
import type { Announcer } from './announcer.ts';

export type NoticeDeskDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Pick<Store, 'groupCommit' | 'notices'>;
  readonly announcer: Pick<Announcer, 'notice'>;
};

/** Joins the last stage with the history, the host and the windows: each notice is kept, then told, in its time. */
export class NoticeDesk implements Disposable {
  readonly #deps: NoticeDeskDeps;
  readonly #delivery: NoticeDelivery;

  constructor(deps: NoticeDeskDeps) {
    const { host, clock, announcer } = deps;
    this.#deps = deps;
    this.#delivery = new NoticeDelivery({
      clock,
      settings: () => host.settings.get().notifications,
      newId: randomUUID,
      post(notice) {
        if (!notice.quiet) host.notify(notice);
        announcer.notice(notice);
      },
    });
  }

  async consider(finished: Execution): Promise<void> {
    const { host, clock, store } = this.#deps;
    const notice = consider(finished, host.settings.get().notifications, randomUUID(), isoTime(clock));
    if (!notice) return;
    await store.groupCommit.commit(() => store.notices.insert(notice));
    this.#delivery.deliver(notice);
  }

  [Symbol.dispose](): void {
    this.#delivery[Symbol.dispose]();
  }
}
