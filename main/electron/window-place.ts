import type { Bounds } from './electron-surface.ts';

export const FIRST_SIZE = { width: 1200, height: 800 } as const;
/** Below it, the pages have no room. */
export const LEAST_SIZE = { width: 720, height: 480 } as const;

/** So much of the window's top must be on a screen, or nobody could drag it back. */
const GRIP = 80;

/**
 * Where the window opens: where it was, as long as it can be reached there, else as large as it was and wherever the
 * system likes. A screen may be gone, or be smaller than it was.
 */
export function windowPlace(saved: Bounds | undefined, screens: readonly Bounds[]): Partial<Bounds> {
  if (!saved) return FIRST_SIZE;
  const screen = screens.find((area) => holdsGrip(area, saved));
  const room = screen ?? screens[0];
  const size = { width: sized(saved.width, LEAST_SIZE.width, room?.width), height: heightIn(saved, room) };
  if (!screen) return size;
  return {
    ...size,
    x: between(saved.x, screen.x, screen.x + screen.width - size.width),
    y: between(saved.y, screen.y, screen.y + screen.height - size.height),
  };
}

function holdsGrip(area: Bounds, { x, y, width }: Bounds): boolean {
  const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return across >= GRIP && y >= area.y - GRIP && y <= area.y + area.height - GRIP;
}

function heightIn(saved: Bounds, room: Bounds | undefined): number {
  return sized(saved.height, LEAST_SIZE.height, room?.height);
}

function sized(wanted: number, least: number, room: number | undefined): number {
  return Math.max(least, Math.min(wanted, room ?? wanted));
}

function between(wanted: number, least: number, most: number): number {
  return Math.max(least, Math.min(wanted, most));
}
