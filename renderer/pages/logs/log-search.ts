import { z } from 'zod';
import { LogLevel, type LogLine } from '../../../main/contract/logs.ts';

const text = z.string().optional().catch(undefined);

/** What the address of the logs may say. `sensor`: that one's output instead of the engine's own log. */
export const LogSearch = z.object({
  sensor: text,
  level: z.enum(['warn', 'error']).optional().catch(undefined),
  scope: text,
  text,
});
export type LogSearch = z.infer<typeof LogSearch>;

export function findLines(lines: readonly LogLine[], { level, scope, text: words }: LogSearch): LogLine[] {
  const levels = LogLevel.options.slice(LogLevel.options.indexOf(level ?? 'info'));
  const needle = words?.toLowerCase() ?? '';
  return lines.filter(
    (line) =>
      levels.includes(line.level) &&
      (scope === undefined || line.scope === scope) &&
      line.text.toLowerCase().includes(needle),
  );
}

/** A sensor's line, which begins with its time. */
export function sensorLine(line: string): { readonly at: string | undefined; readonly text: string } {
  const [, at, said = ''] = /^([\d-]+T[\d:.]+Z) ?(.*)$/s.exec(line) ?? [];
  return at === undefined ? { at, text: line } : { at, text: said };
}
