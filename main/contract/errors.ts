import { z } from 'zod';
import { Json } from './json.ts';

/** Who has to act: the person, the pack's author, the machine's owner, or Stormlet's own developers. */
export const FaultKind = z.enum(['user', 'pack', 'environment', 'engine']);
export type FaultKind = z.infer<typeof FaultKind>;

/** A failure as it crosses a process boundary and as it is stored. `code` is stable: `area/what`. */
export const Fault = z.object({
  code: z.string(),
  kind: FaultKind,
  message: z.string(),
  hint: z.string().optional(),
  details: Json.optional(),
});
export type Fault = z.infer<typeof Fault>;

/** Something wrong with a file. The file stays listed with it; nothing is dropped silently. `line` counts from 1. */
export const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What loading gives: the value where there is one, and everything that is wrong with its source. */
export type Checked<T> = { readonly value?: T; readonly problems: readonly Problem[] };

export class StormletError extends Error {
  override readonly name = 'StormletError';
  readonly code: string;
  readonly kind: FaultKind;
  readonly hint: string | undefined;
  readonly details: Json | undefined;

  constructor(fault: Fault, options?: { cause?: unknown }) {
    super(fault.message, options);
    this.code = fault.code;
    this.kind = fault.kind;
    this.hint = fault.hint;
    this.details = fault.details;
  }
}

/** The wire form of anything thrown. An error that is not ours is a fault of the engine, with its message kept. */
export function toFault(error: unknown): Fault {
  if (error instanceof StormletError) {
    return {
      code: error.code,
      kind: error.kind,
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(error.details !== undefined && { details: error.details }),
    };
  }
  return { code: 'engine/invariant', kind: 'engine', message: error instanceof Error ? error.message : String(error) };
}

/** `FILE:LINE: message` and, on a line of its own, the hint: how every host prints a problem. */
export function describeProblem(problem: Problem): string {
  const place = problem.file ? `${problem.file}${problem.line ? `:${problem.line}` : ''}: ` : '';
  return `${place}${problem.message}${problem.hint ? `\nhint: ${problem.hint}` : ''}`;
}
