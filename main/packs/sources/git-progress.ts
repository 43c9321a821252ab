import type { FetchProgress } from './fetch-progress.ts';

/** Fewer than git's hundred for each thing that it does: each one is written down and shown. */
const STEP = 5;

/**
 * Takes git's output as it comes. What git writes over and over on one line (`Receiving objects:  42% (21/50)`) becomes the
 * percent of what is being done; whole lines are passed on in their last state.
 */
export function readGitProgress(progress: FetchProgress): (text: string) => void {
  let line = '';
  let told = { doing: '', percent: 0 };
  return (text) => {
    const at = percentIn(text);
    const isNews = at && (at.doing !== told.doing || at.percent >= told.percent + STEP || at.percent === 100);
    if (isNews && (at.doing !== told.doing || at.percent !== told.percent)) {
      told = at;
      progress.onPercent(at.percent, at.doing);
    }
    const lines = (line + text).split('\n');
    const rest = lines.pop() ?? '';
    // Of the unfinished line only what was written last can count; whether a `\r` at its end does, what follows tells.
    line = rest.slice(Math.max(rest.lastIndexOf('\r', rest.length - 2), 0));
    for (const whole of lines.map((each) => lastRewrite(each).trimEnd())) {
      // That folder is nobody's concern: it is gone at the end.
      if (whole !== '' && !whole.startsWith('Cloning into ')) progress.onOutput('stderr', `${whole}\n`);
    }
  };
}

/** The last one counts. */
export function percentIn(text: string): { readonly percent: number; readonly doing: string } | undefined {
  const found = [...text.matchAll(/(?:^|[\r\n])(?:remote: )?([A-Z][a-z]+(?: [a-z]+)*):\s+(\d{1,3})% \(/g)].at(-1);
  const [, doing = '', percent = ''] = found ?? [];
  return found ? { percent: Math.min(Number(percent), 100), doing } : undefined;
}

/** A `\r` at the end starts the line over only when something follows it. */
function lastRewrite(line: string): string {
  const kept = line.endsWith('\r') ? line.slice(0, -1) : line;
  return kept.slice(kept.lastIndexOf('\r') + 1);
}
