import type { AnsiSpan } from './ansi.ts';

/** A line as a terminal would show it, in the colours of the scheme. */
export function AnsiLine({ spans }: { spans: readonly AnsiSpan[] }) {
  if (spans.length === 0) return <> </>;
  return spans.map(({ text, ...style }, index) =>
    Object.keys(style).length === 0 ? (
      text
    ) : (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: a line's spans have no other name and do not move.
        key={index}
        className="ansi"
        data-color={style.color}
        data-behind={style.background}
        data-bold={style.bold}
        data-faint={style.faint}
        data-italic={style.italic}
        data-underline={style.underline}
      >
        {text}
      </span>
    ),
  );
}
