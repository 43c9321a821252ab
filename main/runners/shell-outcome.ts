import { constants } from 'node:os';
import type { Fault } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ProgramEnd } from '../supervisor/run-program.ts';
import type { RunOutcome } from './runner.ts';

/** How a shell action went, in StackStorm's shape: `succeeded`, `failed`, `return_code`, `stdout`, `stderr`. */
export function shellOutcome(end: ProgramEnd, describeFailure: (end: ProgramEnd) => Fault): RunOutcome {
  const output = shellOutput(end);
  if (end.stopped) return { status: end.stopped, output };
  if (end.exitCode === 0) return { status: 'succeeded', output };
  return { status: 'failed', fault: describeFailure(end), ...(end.startError === undefined && { output }) };
}

/** The fault of a program that ran and said no. The last line of stderr is what a person reads first. */
export function describeExit(end: ProgramEnd): Fault {
  const how =
    end.exitCode === undefined ? `was ended by ${end.signal ?? 'a signal'}` : `exited with code ${end.exitCode}`;
  const said = lastLine(end.stderr);
  return { code: 'action/exit-code', kind: 'pack', message: `the command ${how}${said ? `: ${said}` : ''}` };
}

/** What a shell action gives back, whatever became of it. */
export function shellOutput(end: ProgramEnd): JsonObject {
  const succeeded = end.exitCode === 0 && !end.stopped;
  return {
    succeeded,
    failed: !succeeded,
    return_code: returnCode(end),
    stdout: parsedOutput(end.stdout),
    stderr: parsedOutput(end.stderr),
    ...(end.stopped && { error: end.stopped === 'timeout' ? 'stopped at its timeout' : 'canceled' }),
  };
}

/** Python's convention, which packs compare against: minus the signal's number. */
function returnCode(end: ProgramEnd): number {
  if (end.exitCode !== undefined) return end.exitCode;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return -(numbers[end.signal ?? ''] ?? 1);
}

/**
 * StackStorm drops one line end and replaces output that is JSON by its value (`core.local` of `echo 5` gives 5); rules
 * and workflows depend on it. A number that a double cannot hold stays text: a value altered unseen would be worse.
 */
export function parsedOutput(text: string): Json {
  const line = text.replace(/\r?\n$/, '');
  try {
    const value: Json = JSON.parse(line);
    return typeof value === 'number' && !isExact(value, line) ? line : value;
  } catch {
    return line;
  }
}

function isExact(value: number, line: string): boolean {
  return /^\s*-?\d+\s*$/.test(line) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
