/**
 * A date as people and programs write it, in milliseconds since the epoch: ISO 8601, RFC 2822, `Nov 24 2026 10:00`,
 * `11/24/2026`. Without a time zone it is UTC, or what
 * `instantOf` makes of the wall time. Undefined for what is no date.
 */
export function readDate(text: string, instantOf = (wall: number) => wall): number | undefined {
  const time = readIso(text.trim(), instantOf) ?? readWritten(text.trim(), instantOf);
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

const ISO =
  /^(\d{4})-?(\d{2})(?:-?(\d{2}))?(?:[T ](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[-+]\d{2}(?::?\d{2})?)?)?$/i;

function readIso(text: string, instantOf: (wall: number) => number): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, match[3] === undefined ? 1 : day);
  if (date.getUTCMonth() !== (month ?? 1) - 1) return undefined;
  const milliseconds = Number(`0.${match[7] ?? 0}`) * 1000;
  if ((hour ?? 0) > 24 || (minute ?? 0) > 59 || (second ?? 0) > 60) return undefined;
  date.setUTCHours(hour ?? 0, minute, second, milliseconds);
  return match[8] === undefined ? instantOf(date.getTime()) : date.getTime() - offsetOf(match[8]);
}

function offsetOf(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** Only what names its month, or has it between slashes: the platform's own reading would take `foo 5` for a date. */
function readWritten(text: string, instantOf: (wall: number) => number): number | undefined {
  const isWritten = /\d/.test(text) && (MONTH.test(text) || /^\d{1,2}\/\d{1,2}\/\d{4}\b/.test(text));
  if (!isWritten) return undefined;
  if (HAS_ZONE.test(text)) return Date.parse(text);
  const wall = Date.parse(`${text} UTC`);
  return Number.isNaN(wall) ? undefined : instantOf(wall);
}
const MONTH = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/i;
const HAS_ZONE = /(\b(?:GMT|UTC|Z|[ECMP][SD]T)|[-+]\d{2}:?\d{2})(\s*\([^)]*\))?$/i;
