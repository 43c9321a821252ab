import type { Execution } from '../contract/executions.ts';
import type { Notice } from '../contract/notices.ts';
import type { Host } from '../host.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import { consider, toldNotice } from '../notifications/consider.ts';
import { NoticeDelivery } from '../notifications/notice-delivery.ts';
import type { Store } from '../store/store.ts';
import type { Announcer } from './announcer.ts';

export type NoticeDeskDeps = {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Pick<Store, 'groupCommit' | 'notices'>;
  readonly announcer: Pick<Announcer, 'notice'>;
  /** Whether a `notify` section has its own words for the end of it; they come by `show`. */
  isToldOtherwise(finished: Execution): boolean;
  /** Whether a policy has it tried again; then only the last of all tries is told, or the first that succeeds. */
  isTriedAgain(finished: Execution): boolean;
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
      newId: newId,
      post(notice) {
        if (!notice.quiet) host.notify(notice);
        announcer.notice(notice);
      },
    });
  }

  async consider(finished: Execution): Promise<void> {
    const { host, clock } = this.#deps;
    if (this.#deps.isToldOtherwise(finished) || this.#deps.isTriedAgain(finished)) return;
    const notice = consider(finished, host.settings.get().notifications, newId(), isoTime(clock));
    if (notice) await this.#keep(notice);
  }

  /** What somebody asked to be told of the end of an execution. */
  async show(finished: Execution, message: string): Promise<void> {
    const { host, clock } = this.#deps;
    if (!host.settings.get().notifications.onRequest || this.#deps.isTriedAgain(finished)) return;
    await this.#keep(toldNotice(finished, message, newId(), isoTime(clock)));
  }

  /** Of the app itself. */
  warn(title: string, body: string): void {
    const { host, clock } = this.#deps;
    const notice = { id: newId(), at: isoTime(clock), level: 'failure', title, body, source: 'engine' } as const;
    this.#keep(notice).catch((error) => {
      host.log.scope('notifications').error('a notice could not be kept', { title, error });
    });
  }

  async #keep(notice: Notice): Promise<void> {
    const { store } = this.#deps;
    await store.groupCommit.commit(() => store.notices.insert(notice));
    this.#delivery.deliver(notice);
  }

  [Symbol.dispose](): void {
    this.#delivery[Symbol.dispose]();
  }
}
