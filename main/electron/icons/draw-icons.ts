import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodePng } from './encode-png.ts';

/**
 * Draws the tray's icons: `node main/electron/icons/draw-icons.ts` writes the pictures beside this file. A cloud at rest, a
 * cloud with its bolt while something runs, one with two bars while automation is paused, and a mark on it when something
 * waits for the person. Shapes are in units of a 24 × 24 drawing.
 */
export const LOOKS = ['idle', 'running', 'attention', 'paused'] as const;
export type Look = (typeof LOOKS)[number];

/** For light panels, for dark ones, and for macOS, which recolours an image whose name ends in `Template`. */
export const VARIANTS = ['light', 'dark', 'Template'] as const;
export type Variant = (typeof VARIANTS)[number];

type Point = readonly [x: number, y: number];
type Shape = (x: number, y: number) => boolean;
type Colour = readonly [red: number, green: number, blue: number];
type Layer = { readonly shape: Shape; readonly colour: Colour };

const COLOURS = {
  light: { cloud: [59, 74, 155], quiet: [106, 114, 128], bolt: [217, 119, 6], mark: [200, 30, 30] },
  dark: { cloud: [150, 168, 255], quiet: [170, 178, 190], bolt: [255, 197, 61], mark: [255, 107, 107] },
  Template: { cloud: [0, 0, 0], quiet: [0, 0, 0], bolt: [0, 0, 0], mark: [0, 0, 0] },
} as const satisfies Record<Variant, Record<string, Colour>>;

/** Pixels at single density; macOS draws its menu bar smaller. */
const SIZES = { light: 24, dark: 24, Template: 18 } as const satisfies Record<Variant, number>;

/** Each file of a look, by name. */
export function drawIcons(): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const look of LOOKS) {
    for (const variant of VARIANTS) {
      for (const density of [1, 2]) {
        const size = SIZES[variant] * density;
        const name = `tray-${look}-${variant}${density === 2 ? '@2x' : ''}.png`;
        files.set(name, encodePng(size, size, paint(layersOf(look, variant), size)));
      }
    }
  }
  return files;
}

const CLOUD = anyOf(
  circle(6.4, 12.4, 4.9),
  circle(12.2, 9.4, 6.2),
  circle(17.8, 12.3, 5),
  polygon([
    [6.4, 9],
    [17.8, 9],
    [17.8, 17.3],
    [6.4, 17.3],
  ]),
);
const BOLT: readonly Point[] = [
  [13.6, 7.6],
  [7.9, 15.4],
  [11.6, 15.4],
  [10, 22.6],
  [17, 13.2],
  [13, 13.2],
  [15.2, 7.6],
];
const BARS = anyOf(box(8.3, 7.6, 11, 15), box(13, 7.6, 15.7, 15));
const MARK: Point = [18.6, 6.2];

function layersOf(look: Look, variant: Variant): Layer[] {
  const { cloud, quiet, bolt, mark } = COLOURS[variant];
  switch (look) {
    case 'idle':
      return [{ shape: CLOUD, colour: cloud }];
    case 'running':
      return [
        { shape: without(CLOUD, nearPolygon(BOLT, 1.3)), colour: cloud },
        { shape: polygon(BOLT), colour: bolt },
      ];
    case 'paused':
      return [{ shape: without(CLOUD, BARS), colour: quiet }];
    case 'attention':
      return [
        { shape: without(CLOUD, circle(...MARK, 6)), colour: cloud },
        { shape: circle(...MARK, 4.4), colour: mark },
      ];
  }
}

function circle(cx: number, cy: number, radius: number): Shape {
  return (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2;
}

function box(left: number, top: number, right: number, bottom: number): Shape {
  return (x, y) => x >= left && x <= right && y >= top && y <= bottom;
}

function anyOf(...shapes: readonly Shape[]): Shape {
  return (x, y) => shapes.some((shape) => shape(x, y));
}

function without(shape: Shape, hole: Shape): Shape {
  return (x, y) => shape(x, y) && !hole(x, y);
}

/** Inside, by the even-odd rule. */
function polygon(points: readonly Point[]): Shape {
  return (x, y) => {
    let isInside = false;
    for (const [[ax, ay], [bx, by]] of edgesOf(points)) {
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
    }
    return isInside;
  };
}

/** Inside, or so near to an edge. */
function nearPolygon(points: readonly Point[], distance: number): Shape {
  const isInside = polygon(points);
  return (x, y) => isInside(x, y) || edgesOf(points).some(([a, b]) => distanceTo(x, y, a, b) <= distance);
}

function distanceTo(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(x - (ax + at * (bx - ax)), y - (ay + at * (by - ay)));
}

function edgesOf(points: readonly Point[]): (readonly [Point, Point])[] {
  return points.map((point, index) => [point, points[(index + 1) % points.length] ?? point] as const);
}

/** Points looked at in each direction of a pixel, for smooth edges. */
const FINENESS = 8;

function paint(layers: readonly Layer[], size: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      pixels.set(pixelAt(layers, column, row, 24 / size), (row * size + column) * 4);
    }
  }
  return pixels;
}

/** The layers do not overlap, so a pixel is their mean by the share that each covers. */
function pixelAt(layers: readonly Layer[], column: number, row: number, unit: number): number[] {
  const shares = layers.map(({ shape }) => coverage(shape, column, row, unit));
  const all = shares.reduce((sum, share) => sum + share, 0);
  if (all === 0) return [0, 0, 0, 0];
  const mean = (part: 0 | 1 | 2) =>
    Math.round(layers.reduce((sum, { colour }, index) => sum + colour[part] * (shares[index] ?? 0), 0) / all);
  return [mean(0), mean(1), mean(2), Math.round(Math.min(1, all) * 255)];
}

function coverage(shape: Shape, column: number, row: number, unit: number): number {
  let hits = 0;
  for (let down = 0; down < FINENESS; down += 1) {
    for (let across = 0; across < FINENESS; across += 1) {
      const x = (column + (across + 0.5) / FINENESS) * unit;
      const y = (row + (down + 0.5) / FINENESS) * unit;
      if (shape(x, y)) hits += 1;
    }
  }
  return hits / FINENESS ** 2;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, png] of drawIcons()) writeFileSync(path.join(import.meta.dirname, name), png);
}
