import type { Json } from '../../main/contract/json.ts';

/** A value as indented JSON. A text is shown as it is: line ends read better than `\n`. */
export function ValueView({ value, label }: { value: Json; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className="data mono" aria-label={`${label} value`} tabIndex={0}>
      {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    </section>
  );
}
