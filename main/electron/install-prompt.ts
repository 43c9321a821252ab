import { ResourceRef } from '../contract/refs.ts';
import type { Client } from '../contract/rpc.ts';
import type { Log } from '../kit/log.ts';
import type { ElectronSurface } from './electron-surface.ts';

export type InstallPromptDeps = {
  readonly electron: Pick<ElectronSurface, 'dialog'>;
  readonly client: Client;
  openExecution(id: string): void;
  readonly log: Log;
};

const ASKED_BY = {
  link: 'A web page, a message or another program asks Stormlet to install a pack.',
  drop: 'You dropped this on the window of Stormlet.',
} as const;

/** Asks before a pack from outside is installed. The question is the system's own, so that no page can press its button. */
export class InstallPrompt {
  readonly #deps: InstallPromptDeps;
  #isOpen = false;

  constructor(deps: InstallPromptDeps) {
    this.#deps = deps;
  }

  /** While one question is open, others are not asked: a page could bury the person under them. */
  async ask(sources: readonly string[], by: keyof typeof ASKED_BY): Promise<void> {
    const { electron, log } = this.#deps;
    if (this.#isOpen || sources.length === 0) {
      log.warn('a pack was not asked about: another question is open', { sources });
      return;
    }
    this.#isOpen = true;
    try {
      const { response } = await electron.dialog.showMessageBox({
        type: 'question',
        message: sources.length === 1 ? 'Install this pack?' : `Install these ${sources.length} packs?`,
        detail: [...sources, '', ASKED_BY[by], WHAT_RUNS].join('\n'),
        buttons: ['Cancel', 'Install'],
        defaultId: 0,
        cancelId: 0,
        noLink: true,
      });
      if (response === 1) await this.#install(sources);
    } finally {
      this.#isOpen = false;
    }
  }

  async #install(sources: readonly string[]): Promise<void> {
    const { client, openExecution } = this.#deps;
    const { id } = await client.executions.run({ action: INSTALL, parameters: { packs: [...sources] } });
    openExecution(id);
  }
}

const INSTALL = ResourceRef.parse('packs.install');
const WHAT_RUNS =
  'Installing it fetches what it needs from package registries. Its sensors start at once, and its actions run with all ' +
  'of your rights on this computer. Install only what you trust.';
