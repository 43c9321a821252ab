/** Whether somebody types where a pack is, and not words to search for. */
export function looksLikeSource(typed: string): boolean {
  const text = typed.trim();
  return /^[~.]|[\\/:@]|\.(zip|tgz|tar\.gz)$|^[\w.-]+=./.test(text);
}
