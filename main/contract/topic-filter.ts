/** MQTT topic filters (MQTT 3.1.1, 4.7): `+` stands for one level, `#` at the end for any number of them. */

/** Nothing that an ordinary client uses begins with `$`, so such a filter is refused. */
export function isTopicFilter(text: string): boolean {
  if (text === '' || text.startsWith('$') || text.includes('\0') || text.length > 1000) return false;
  const levels = text.split('/');
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1;
    return level === '+' || !/[+#]/.test(level);
  });
}

/** Whether `filter` takes in a topic, or all that another filter takes in. */
export function covers(filter: string, other: string): boolean {
  const [allowed, asked] = [filter.split('/'), other.split('/')];
  for (const [index, level] of allowed.entries()) {
    // `a/#` also takes in `a`.
    if (level === '#') return true;
    const against = asked[index];
    if (against === undefined) return false;
    if (level !== against && (level !== '+' || against === '#')) return false;
  }
  return asked.length === allowed.length;
}
