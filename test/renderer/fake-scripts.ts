import type { ExecutionStep, OutputStream } from '../../main/contract/executions.ts';

/** What a fake execution does, beat by beat. */
export type Script = {
  readonly beats: readonly {
    readonly prints?: string;
    readonly stream?: OutputStream;
    readonly steps?: ExecutionStep[];
  }[];
  readonly result: string;
  readonly onEnd?: () => void;
};

export function plainScript(result: string): Script {
  return {
    beats: [{ prints: 'starting\n' }, { prints: `${result}\n` }, { prints: 'a warning\n', stream: 'stderr' }, {}],
    result,
  };
}

const STEPS = ['Read the source', 'Check its files', 'Build the virtualenv', 'Install requirements', 'Register'];
const PRINTS: Readonly<Record<number, readonly string[]>> = {
  2: ['Using CPython 3.11.7\n', 'Creating virtual environment\n'],
  3: [
    'Collecting humanize==4.9.0\n',
    'Downloading humanize-4.9.0-py3-none-any.whl (126 kB)\n',
    'Successfully installed humanize-4.9.0\n',
  ],
};

export function installScript(source: string, onEnd: () => void): Script {
  const beats = STEPS.flatMap((_, step) => {
    const steps = stepsAt(step);
    return [{ steps }, ...(PRINTS[step] ?? ['']).map((prints) => ({ prints }))];
  });
  return { beats: [...beats, { steps: stepsAt(STEPS.length) }], result: `installed ${source}`, onEnd };
}

function stepsAt(current: number): ExecutionStep[] {
  return STEPS.slice(0, current + 1).map((name, index) => ({
    name,
    state: index < current ? 'done' : 'running',
    ...(index === 3 && { detail: 'humanize==4.9.0', ...(index === current && { percent: 60 }) }),
  }));
}
