import os from 'node:os';
import { type Bound, GOALS, type Goal, judgeBound, type Measured, type Outcome } from './goals.ts';

/** What a run found, for people and for programs. */
export type Run = {
  readonly form: 'quick' | 'full';
  readonly rounds: number;
  readonly seconds: number;
  readonly node: string;
  readonly cores: number;
  /** Rounds that began although other programs had the processors; their figures are worth less. */
  readonly busyRounds: number;
  readonly outcomes: readonly Outcome[];
};

export function describeRun(
  form: Run['form'],
  rounds: number,
  seconds: number,
  busyRounds: number,
): Omit<Run, 'outcomes'> {
  return { form, rounds, seconds: Math.round(seconds), node: process.version, cores: os.cpus().length, busyRounds };
}

export function toJson(run: Run): string {
  const outcomes = run.outcomes.map((outcome) => ({
    ...outcome,
    title: GOALS[outcome.goal].title,
    verdicts: boundsOf(outcome).map(({ key, bound, value }) => ({
      bound: key,
      value: value ?? null,
      floor: bound.floor,
      moonshot: bound.moonshot,
      verdict: value === undefined ? 'not measured' : judgeBound(bound, value),
    })),
  }));
  return `${JSON.stringify({ ...run, outcomes }, null, 2)}\n`;
}

export function toMarkdown(run: Run): string {
  const head = `node ${run.node}, ${run.cores} cores, ${run.form} run of ${run.seconds} s, medians of ${run.rounds} rounds taken in turn`;
  const busy = run.busyRounds > 0 ? `\n${run.busyRounds} rounds began while other programs had the processors.` : '';
  return [
    `${head}.${busy}\n`,
    '| Goal | Measured | Ratio | Floor | Moonshot | |\n|---|---|---:|---:|---:|---|',
    ...run.outcomes.map(rowsOf),
    notesOf(run.outcomes),
  ].join('\n');
}

function rowsOf(outcome: Outcome): string {
  const title = `**${outcome.goal}** ${GOALS[outcome.goal].title}`;
  const measured = outcome.measured.map(line).join('<br>');
  return boundsOf(outcome)
    .map(({ bound, value }, index) => {
      const cells = [
        index === 0 ? title : '',
        index === 0 ? measured : '',
        `${value === undefined ? 'not measured' : figure(value, bound.unit)} ${bound.what}`,
        limit(bound, bound.floor),
        limit(bound, bound.moonshot),
        value === undefined ? '' : WORDS[judgeBound(bound, value)],
      ];
      return `| ${cells.join(' | ')} |`;
    })
    .join('\n');
}

const WORDS = { moonshot: 'moonshot', floor: 'floor', missed: '**missed**' } as const;

function boundsOf(outcome: Outcome): { key: string; bound: Bound; value: number | undefined }[] {
  const goal: Goal = GOALS[outcome.goal];
  return Object.entries(goal.bounds).map(([key, bound]) => ({ key, bound, value: outcome.values[key] }));
}

function line(measured: Measured): string {
  const figures = [
    measured.p50 !== undefined && `p50 ${figure(measured.p50, 'ms')}`,
    measured.p99 !== undefined && `p99 ${figure(measured.p99, 'ms')}`,
    measured.perSecond !== undefined && figure(measured.perSecond, '/s'),
    measured.megabytes !== undefined && figure(measured.megabytes, 'MB'),
    measured.cpuMs !== undefined && `${figure(measured.cpuMs, 'ms')} of processor time`,
  ].filter((part) => part !== false);
  return `${measured.who}: ${figures.join(', ')}${measured.isQuoted ? ' (quoted)' : ''}`;
}

function limit(bound: Bound, value: number): string {
  return `${bound.better === 'more' ? '≥' : '≤'} ${figure(value, bound.unit)}`;
}

function figure(value: number, unit: Bound['unit']): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })}${unit === '/s' || unit === '' ? unit : ` ${unit}`}`;
}

function notesOf(outcomes: readonly Outcome[]): string {
  const notes = outcomes.flatMap(({ goal, notes = [] }) => notes.map((note) => `- ${goal}: ${note}`));
  return notes.length > 0 ? `\n${notes.join('\n')}\n` : '';
}
