import type { Progress } from '../virtualenvs/build-virtualenv.ts';

/** When several packs are worked on, a step's name says whose it is. */
export function forOne(report: Progress, isOneOfMany: boolean, one: string): Progress {
  if (!isOneOfMany) return report;
  return { ...report, onStep: (step) => report.onStep({ ...step, name: `${one}: ${step.name}` }) };
}
