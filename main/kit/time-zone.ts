/**
 * A time zone by its IANA name, from the platform's own data. Wall times are milliseconds as if they were UTC, so that
 * `Date`'s UTC methods take them apart.
 */
export interface TimeZone {
  readonly name: string;
  /** Milliseconds by which its clocks are ahead of UTC. */
  offsetAt(instant: number): number;
  /** Whether, of a wall time that comes twice, the first is meant. */
  readonly takesFirst: boolean;
}

/** Undefined when there is no such zone. Without a name it is the computer's own. */
export function timeZone(name?: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...(name !== undefined && { timeZone: name }), ...NUMERIC });
  } catch {
    return undefined;
  }
  const known = format.resolvedOptions().timeZone;
  return {
    name: known,
    offsetAt: (instant) => wallAt(format, instant) - floor(instant),
    takesFirst: WINTER_TIME_ZONES.includes(known),
  };
}

/** There the law calls summer's the ordinary time, and puts the clocks back from it; elsewhere it is the other way round. */
const WINTER_TIME_ZONES: readonly string[] = ['Europe/Dublin', 'Eire', 'Africa/Casablanca', 'Africa/El_Aaiun'];

/**
 * The instant at which the zone's clocks show `wall`. Of the two in an autumn night it is the one in ordinary time; a wall
 * time that a spring night leaves out is read as if the clocks had not been put forward yet. So does Python's `pytz`.
 */
export function instantAt(zone: TimeZone, wall: number): number {
  const candidates = [wall - DAY, wall + DAY]
    .map((near) => wall - zone.offsetAt(near))
    .filter((instant) => instant + zone.offsetAt(instant) === wall);
  if (candidates.length > 0) return zone.takesFirst ? Math.min(...candidates) : Math.max(...candidates);
  return wall - zone.offsetAt(wall - DAY);
}

const DAY = 24 * 3600 * 1000;
const NUMERIC = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

/** The format is `12/31/2026, 23:59:59`. Taking its parts one by one costs several times as much, and cron asks often. */
function wallAt(format: Intl.DateTimeFormat, instant: number): number {
  const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] = format
    .format(instant)
    .split(/\D+/)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function floor(instant: number): number {
  return Math.floor(instant / 1000) * 1000;
}
