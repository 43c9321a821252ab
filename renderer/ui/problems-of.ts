import { z } from 'zod';
import { type Fault, Problem, toFault } from '../../main/contract/errors.ts';

const Details = z.union([
  z.array(Problem),
  z.object({ problems: z.array(Problem) }).transform(({ problems }) => problems),
]);

/** A refusal as problems, with the places that it names where it names any. */
export function problemsOf(error: unknown): Problem[] {
  const fault = toFault(error);
  const details = Details.safeParse(fault.details);
  if (details.success && details.data.length > 0) return details.data;
  const { code, message, hint } = fault;
  return [{ severity: 'error', code, message, ...(hint !== undefined && { hint }), ...placeIn(fault) }];
}

/** `FILE:LINE:` at the start of a message. */
function placeIn({ message }: Fault): { file?: string; line?: number } {
  const place = /^(\S+\.ya?ml):(\d+)/.exec(message);
  return place?.[1] && place[2] ? { file: place[1], line: Number(place[2]) } : {};
}
