import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StormletError } from '../../contract/errors.ts';
import { isJsonObject } from '../../contract/json.ts';
import { writeFileAtomic } from '../../kit/atomic-file.ts';
import { type Clock, isoTime } from '../../kit/clock.ts';

const FailedBuild = z.object({ at: z.string(), output: z.string() });
const Choice = z.object({ interpreter: z.string() });

/** What is kept of a pack's virtualenv beside it, since it outlives the versions: one small file for each. */
export class VirtualenvNotes {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** What the installer said when the last build failed. */
  failure(ref: string): string | undefined {
    return read(this.#failedFile(ref), FailedBuild)?.output;
  }

  async setFailure(ref: string, error: StormletError): Promise<void> {
    const output = isJsonObject(error.details) ? String(error.details.output ?? '') : '';
    const failed = { at: isoTime(this.#clock), output: output || `${error.message}\n${error.hint ?? ''}` };
    await write(this.#failedFile(ref), failed);
  }

  clearFailure(ref: string): Promise<void> {
    return rm(this.#failedFile(ref), { force: true });
  }

  /** The interpreter that the person asked for; empty: none in particular. */
  interpreter(ref: string): string {
    return read(this.#choiceFile(ref), Choice)?.interpreter ?? '';
  }

  async setInterpreter(ref: string, interpreter: string): Promise<void> {
    if (interpreter === '') await rm(this.#choiceFile(ref), { force: true });
    else await write(this.#choiceFile(ref), { interpreter });
  }

  async forget(ref: string): Promise<void> {
    await this.clearFailure(ref);
    await this.setInterpreter(ref, '');
  }

  #failedFile(ref: string): string {
    return path.join(this.#folder, '.failed', `${ref}.json`);
  }

  #choiceFile(ref: string): string {
    return path.join(this.#folder, '.interpreters', `${ref}.json`);
  }
}

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // The usual case: there is nothing to keep.
    return undefined;
  }
}

function write(file: string, value: object): Promise<void> {
  return writeFileAtomic(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** A cancel is no failure, and what is a fault of ours belongs into the log. */
export function isBuildFailure(error: unknown): error is StormletError {
  return error instanceof StormletError && error.code !== 'operation/canceled';
}
