/**
 * How deep a JSON text nests, without parsing it: what is made of a text of a million brackets later breaks many a program,
 * from `JSON.stringify` to Python. Of a text that is no JSON it tells nothing useful.
 */
export function nestingDepth(text: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case BRACE:
      case BRACKET:
        depth += 1;
        if (depth > deepest) deepest = depth;
        break;
      case BRACE_END:
      case BRACKET_END:
        depth -= 1;
        break;
    }
  }
  return deepest;
}

const [QUOTE, BACKSLASH, BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

function endOfString(text: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at;
}
