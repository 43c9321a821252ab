import type { Shortcuts } from '../host.ts';

/** Keys that open the window with its command bar, whatever program is in front. */
export class CommandBarShortcut {
  readonly #shortcuts: Shortcuts;
  readonly #open: () => void;
  readonly #onRefused: (accelerator: string, why: 'taken' | 'invalid') => void;
  #registered = '';

  constructor(deps: {
    readonly shortcuts: Shortcuts;
    open(): void;
    onRefused(accelerator: string, why: 'taken' | 'invalid'): void;
  }) {
    this.#shortcuts = deps.shortcuts;
    this.#open = deps.open;
    this.#onRefused = deps.onRefused;
  }

  /** An empty text is none. */
  become(accelerator: string): void {
    if (accelerator === this.#registered) return;
    if (this.#registered !== '') this.#shortcuts.unregister(this.#registered);
    this.#registered = '';
    if (accelerator === '') return;
    const outcome = this.#shortcuts.register(accelerator, this.#open);
    if (outcome === 'registered') this.#registered = accelerator;
    else this.#onRefused(accelerator, outcome);
  }
}
