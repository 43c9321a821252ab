import { InvalidArgumentError } from 'commander';

/** Readers of options' values; each says what it wants when it gets something else. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it must be a whole number.');
  return Number(text);
}

export function instant(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('it must be a date, such as `2026-05-01T08:00`.');
  return at.toISOString();
}
