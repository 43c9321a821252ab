/** Reads `Receiving objects:  42% (21/50), 1.2 MiB` from git's output; the last one counts. */
export function percentIn(text: string): { readonly percent: number; readonly doing: string } | undefined {
  const found = [...text.matchAll(/(?:^|[\r\n])(?:remote: )?([A-Z][a-z]+(?: [a-z]+)*):\s+(\d{1,3})% \(/g)].at(-1);
  const [, doing = '', percent = ''] = found ?? [];
  return found ? { percent: Math.min(Number(percent), 100), doing } : undefined;
}
