/** A run of text in one terminal style. Colours are of the eight that every terminal has; the scheme says how they look. */
export type AnsiSpan = { readonly text: string } & AnsiStyle;
export type AnsiStyle = {
  readonly color?: AnsiColor;
  readonly background?: AnsiColor;
  readonly bold?: true;
  readonly faint?: true;
  readonly italic?: true;
  readonly underline?: true;
};
export type AnsiColor = (typeof COLORS)[number];

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with one.
const SEQUENCE = /\u001b(?:\[([0-9;:?]*)([A-Za-z])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/**
 * A printed line as styled text. Only colours and weights are kept: cursor movements, titles and links have no meaning in
 * a list of lines. `before` is the style that the stream's last line left on; `after` is the one that this leaves on.
 */
export function readAnsi(line: string, before: AnsiStyle = {}): { spans: AnsiSpan[]; after: AnsiStyle } {
  const spans: AnsiSpan[] = [];
  let style = before;
  let from = 0;
  const push = (text: string) => text !== '' && spans.push({ text, ...style });
  for (const match of line.matchAll(SEQUENCE)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = restyle(style, (match[1] ?? '').split(/[;:]/).map(Number));
  }
  push(line.slice(from));
  return { spans, after: style };
}

function restyle(style: AnsiStyle, codes: readonly number[]): AnsiStyle {
  let next = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const { color, length } = extended(codes.slice(index + 1));
      next = { ...next, ...(color && { [code === 38 ? 'color' : 'background']: color }) };
      index += length;
    } else next = withCode(next, code);
  }
  return next;
}

function withCode(style: AnsiStyle, code: number): AnsiStyle {
  const { color, background, bold, faint, italic, underline, ...none } = style;
  if (code === 0) return none;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, faint: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return pruned({ color, background, italic, underline });
  if (code === 23) return pruned({ color, background, bold, faint, underline });
  if (code === 24) return pruned({ color, background, bold, faint, italic });
  if (code === 39) return pruned({ background, bold, faint, italic, underline });
  if (code === 49) return pruned({ color, bold, faint, italic, underline });
  const foreground = COLORS[code >= 90 ? code - 90 : code - 30];
  if (foreground && code < 98) return { ...style, color: foreground };
  const behind = COLORS[code >= 100 ? code - 100 : code - 40];
  return behind && code < 108 ? { ...style, background: behind } : style;
}

/** `5;n` of 256 colours or `2;r;g;b`, as the nearest of the eight. */
function extended([kind, ...rest]: readonly number[]): { color: AnsiColor | undefined; length: number } {
  if (kind === 5) return { color: ofPalette(rest[0] ?? 0), length: 2 };
  const [red = 0, green = 0, blue = 0] = rest;
  return kind === 2 ? { color: nearest(red, green, blue), length: 4 } : { color: undefined, length: 1 };
}

function ofPalette(index: number): AnsiColor {
  if (index < 16) return COLORS[index % 8] ?? 'white';
  if (index >= 232) return index < 244 ? 'black' : 'white';
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** Each channel that is near the strongest one counts as on. */
function nearest(red: number, green: number, blue: number): AnsiColor {
  const strongest = Math.max(red, green, blue);
  if (strongest < 50) return 'black';
  const bit = (value: number, mask: number) => (value > strongest * 0.6 ? mask : 0);
  return COLORS[bit(red, 1) | bit(green, 2) | bit(blue, 4)] ?? 'white';
}

function pruned(style: { [K in keyof AnsiStyle]: AnsiStyle[K] | undefined }): AnsiStyle {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined));
}
