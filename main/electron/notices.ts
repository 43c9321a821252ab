import type { Notice, NoticeButton } from '../contract/notices.ts';
import type { Log } from '../kit/log.ts';
import type { ElectronSurface, NotificationSurface } from './electron-surface.ts';

export type NoticesDeps = {
  readonly electron: Pick<ElectronSurface, 'Notification'>;
  /** Shows the execution, or the whole history without one. */
  open(execution: string | undefined): void;
  /** The execution of a notice of an earlier run. */
  openKept(notice: string): void;
  press(button: NoticeButton, execution: string): void;
  /** The person looks at the window, which shows each notice itself. */
  isWatched(): boolean;
  /** The desktop shows none; the tray then asks for attention in its place. */
  onRefused(notice: Notice): void;
  readonly log: Log;
};

/** Of notices that the desktop never reported as closed, the oldest are let go. */
const KEPT = 50;
/** Ids of notices that were shown in this run. */
const KNOWN = 1000;

/** Shows notices by the desktop's own means. Which are shown, and when, the engine has decided. */
export class Notices {
  readonly #deps: NoticesDeps;
  /** One that nothing refers to is collected, and a click on it then does nothing. */
  readonly #shown = new Set<NotificationSurface>();
  readonly #known = new Set<string>();

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  show(notice: Notice): void {
    const { electron, isWatched, onRefused } = this.#deps;
    if (notice.quiet || isWatched()) return;
    if (electron.Notification.isSupported()) this.#present(notice);
    else onRefused(notice);
  }

  /**
   * Windows tells by these words which notice was pressed, also when it was shown by a run that has ended, and starts the app
   * for it. One of this run tells by itself.
   */
  activate(words: string): void {
    const id = new URLSearchParams(words).get('tag');
    if (id !== null && !this.#known.has(id)) this.#deps.openKept(id);
  }

  /** A word of the app about itself. Where the desktop shows none, it is not worth more. */
  tell(title: string, body: string): void {
    const { electron } = this.#deps;
    if (!electron.Notification.isSupported()) return;
    const shown = new electron.Notification({ title, body, silent: true });
    shown.on('close', () => this.#shown.delete(shown));
    this.#keep(shown);
    shown.show();
  }

  #present(notice: Notice): void {
    const { id, title, body, execution, buttons = [], urgent = false } = notice;
    const { electron, open, press, onRefused, log } = this.#deps;
    // Where a platform has no buttons it leaves them out; the click and the window do what they do.
    const actions = buttons.map(({ label }) => ({ type: 'button' as const, text: label }));
    // One that is urgent stays until somebody has seen it, also where the desktop itself is told to be quiet.
    const staying = urgent ? ({ urgency: 'critical', timeoutType: 'never' } as const) : {};
    const shown = new electron.Notification({ id, title, body, silent: true, actions, ...staying });
    this.#know(id);
    const isOver = () => this.#shown.delete(shown);
    shown.on('click', () => {
      isOver();
      open(execution);
    });
    shown.on('action', ({ actionIndex }) => {
      isOver();
      const button = buttons[actionIndex];
      if (button && execution !== undefined) press(button, execution);
    });
    shown.on('close', isOver);
    shown.on('failed', (_event, error) => {
      isOver();
      log.warn('the desktop refused a notice', { error });
      onRefused(notice);
    });
    this.#keep(shown);
    shown.show();
  }

  #know(id: string): void {
    this.#known.add(id);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  #keep(shown: NotificationSurface): void {
    this.#shown.add(shown);
    for (const oldest of this.#shown) {
      if (this.#shown.size <= KEPT) return;
      this.#shown.delete(oldest);
    }
  }
}
