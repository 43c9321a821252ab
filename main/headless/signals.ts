/** A person takes longer to press Ctrl-C again, and then means it. */
const REPEAT_MS = 500;

/**
 * The first of these signals does `work`; a later one ends the process at once. What comes right after the first is the
 * same one heard again: npm passes on what the terminal has sent to the whole group, and `conf` sends again what it saw.
 */
export function onStopSignals(signals: readonly NodeJS.Signals[], work: () => void, exitCode: number): Disposable {
  let firstAt: number | undefined;
  const listener = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      work();
    } else if (performance.now() - firstAt > REPEAT_MS) process.exit(exitCode);
  };
  for (const signal of signals) process.on(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
