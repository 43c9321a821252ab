import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { AppSurface } from './electron-surface.ts';

export type QuitDeps = {
  readonly app: Pick<AppSurface, 'on' | 'exit'>;
  readonly clock: Clock;
  readonly log: Log;
  stop(): Promise<void>;
};

/** A person who quits does not wait longer; the system ends what is left of us. */
export const QUIT_LIMIT_MS = 10_000;

/** Whoever asks the app to quit, the engine ends first, with every process of its own. */
export function quitInOrder({ app, clock, log, stop }: QuitDeps): void {
  let isQuitting = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isQuitting) return;
    isQuitting = true;
    clock.after(QUIT_LIMIT_MS, () => {
      log.error('Stormlet ended before all of it had stopped', { waitedMs: QUIT_LIMIT_MS });
      app.exit(1);
    });
    stop().then(
      () => app.exit(0),
      (error: unknown) => {
        log.error('Stormlet did not stop in order', { error });
        app.exit(1);
      },
    );
  });
}
