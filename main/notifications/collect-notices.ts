import type { Notice } from '../contract/notices.ts';

const MAX_LINES = 3;

/** Several notices as one: how many, how they ended, and which they were, the failures first. */
export function collectNotices(notices: readonly Notice[], id: string, at: string): Notice {
  const [first] = notices;
  if (notices.length === 1 && first) {
    const { quiet: _, ...shown } = first;
    return shown;
  }
  const failed = count(notices, 'failure');
  return {
    id,
    at,
    level: failed > 0 ? 'failure' : notices.some(({ level }) => level === 'info') ? 'info' : 'success',
    title: title(notices.length, failed),
    body: linesOf(notices).join('\n'),
    source: first?.source ?? 'engine',
    collected: notices.length,
  };
}

function title(all: number, failed: number): string {
  if (failed === 0) return `${all} more results`;
  return `${all} more results, ${failed === all ? 'all of them failures' : `${failed} of them failures`}`;
}

function count(notices: readonly Notice[], level: Notice['level']): number {
  return notices.filter((notice) => notice.level === level).length;
}

const ORDER = { failure: 0, info: 1, success: 2 } as const satisfies Record<Notice['level'], number>;

function linesOf(notices: readonly Notice[]): string[] {
  const times = new Map<string, number>();
  for (const { title } of notices.toSorted((a, b) => ORDER[a.level] - ORDER[b.level])) {
    times.set(title, (times.get(title) ?? 0) + 1);
  }
  const lines = [...times].map(([title, often]) => (often === 1 ? title : `${title} (${often} times)`));
  const rest = lines.length - MAX_LINES;
  return rest > 0 ? [...lines.slice(0, MAX_LINES), `and ${rest} more`] : lines;
}
