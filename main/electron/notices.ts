import type { Notice } from '../contract/notices.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ElectronSurface, NotificationSurface } from './electron-surface.ts';

export type NoticesDeps = {
  readonly electron: Pick<ElectronSurface, 'Notification'>;
  /** Shows the execution, or the whole history without one. */
  open(execution: string | undefined): void;
  readonly clock: Clock;
  readonly log: Log;
};

/** So many within so long are shown one by one; the rest of them become one notice at the end of that time. */
const BURST = 5;
const BURST_MS = 10_000;
/** Of notices that the desktop never reported as closed, the oldest are let go. */
const KEPT = 50;

/** Shows notices by the desktop's own means. */
export class Notices {
  readonly #deps: NoticesDeps;
  /** One that nothing refers to is collected, and a click on it then does nothing. */
  readonly #shown = new Set<NotificationSurface>();
  #inBurst = 0;
  #withheld = 0;

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  show(notice: Notice): void {
    if (!this.#deps.electron.Notification.isSupported()) return;
    if (this.#inBurst === 0) this.#deps.clock.after(BURST_MS, () => this.#endBurst());
    this.#inBurst += 1;
    if (this.#inBurst <= BURST) this.#present(notice);
    else this.#withheld += 1;
  }

  #endBurst(): void {
    const withheld = this.#withheld;
    this.#inBurst = 0;
    this.#withheld = 0;
    if (withheld === 0) return;
    const title = withheld === 1 ? 'One more result' : `${withheld} more results`;
    this.#present({ title, body: 'The history has them.', execution: undefined });
  }

  #present({ title, body, execution }: Pick<Notice, 'title' | 'body'> & { execution?: string | undefined }): void {
    const { electron, open, log } = this.#deps;
    const shown = new electron.Notification({ title, body, silent: true });
    shown.on('click', () => {
      this.#shown.delete(shown);
      open(execution);
    });
    shown.on('close', () => this.#shown.delete(shown));
    shown.on('failed', (_event, error) => {
      this.#shown.delete(shown);
      // The window shows each notice too, so none is lost.
      log.warn('the desktop refused a notice', { error });
    });
    this.#keep(shown);
    shown.show();
  }

  #keep(shown: NotificationSurface): void {
    this.#shown.add(shown);
    for (const oldest of this.#shown) {
      if (this.#shown.size <= KEPT) return;
      this.#shown.delete(oldest);
    }
  }
}
