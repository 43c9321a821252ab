import { z } from 'zod';
import { type Fault, type Problem, toFault } from '../../main/contract/errors.ts';

/**
 * A refused file as problems with their places, so that an editor can mark the lines. The engine lists them in the fault's
 * details as `describeProblem` writes them; a fault without such a list is itself the one problem.
 */
export function problemsOf(error: unknown): Problem[] {
  const fault = toFault(error);
  const described = z.array(z.string()).min(1).safeParse(fault.details);
  if (described.success) return described.data.map((text) => readProblem(text, fault));
  return [readProblem(fault.hint === undefined ? fault.message : `${fault.message}\nhint: ${fault.hint}`, fault)];
}

/** `FILE:LINE: message` and, on a line of its own, `hint: …`. */
function readProblem(text: string, { code }: Fault): Problem {
  const [said = '', hint] = text.split('\nhint: ', 2);
  const place = /^(.+?\.ya?ml)(?::(\d+))?: ([\s\S]+)$/.exec(said);
  const [, file, line, message = said] = place ?? [];
  return {
    severity: 'error',
    code,
    message,
    ...(hint !== undefined && { hint }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: Number(line) }),
  };
}
