import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../kit/atomic-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Bounds } from './electron-surface.ts';

/** What the window remembers from one start to the next. */
export type WindowMemory = {
  readonly bounds?: Bounds;
  readonly isMaximized?: boolean;
  /** The person was told that closing the window does not end the app. */
  readonly toldOfTray?: boolean;
};

export type WindowStateDeps = { readonly folder: string; readonly clock: Clock; readonly log: Log };

/** A window that is dragged moves with every pixel. */
const WRITE_MS = 1_000;

/** A file that is damaged or cannot be written costs the window its place, and nothing else. */
export class WindowState {
  readonly #deps: WindowStateDeps;
  readonly #file: string;
  #memory: WindowMemory;
  #writing: (() => void) | undefined;

  constructor(deps: WindowStateDeps) {
    this.#deps = deps;
    this.#file = path.join(deps.folder, 'window-state.json');
    this.#memory = readMemory(this.#file);
  }

  get memory(): WindowMemory {
    return this.#memory;
  }

  remember(part: WindowMemory): void {
    this.#memory = { ...this.#memory, ...part };
    this.#writing ??= this.#deps.clock.after(WRITE_MS, () => void this.write());
  }

  /** At once, for the end of the app. */
  async write(): Promise<void> {
    if (!this.#writing) return;
    this.#writing();
    this.#writing = undefined;
    try {
      await writeFileAtomic(this.#file, `${JSON.stringify(this.#memory)}\n`);
    } catch (error) {
      this.#deps.log.warn('the place of the window could not be kept', { error });
    }
  }
}

function readMemory(file: string): WindowMemory {
  try {
    const { bounds, isMaximized, toldOfTray }: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    return {
      ...(isBounds(bounds) && { bounds }),
      ...(isMaximized === true && { isMaximized }),
      ...(toldOfTray === true && { toldOfTray }),
    };
  } catch {
    return {};
  }
}

function isBounds(value: unknown): value is Bounds {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return [x, y, width, height].every((number) => Number.isSafeInteger(number));
}
