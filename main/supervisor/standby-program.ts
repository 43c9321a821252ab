import { followProgram, type ProgramEnd, type ProgramSpec, startProgram } from './run-program.ts';

/** A program that is started ahead, does all it can without knowing its job, and then waits for that on its stdin. */
export type StartStandby = (spec: StandbySpec) => StandbyProgram;

export type StandbySpec = Pick<ProgramSpec, 'command' | 'args' | 'cwd' | 'env'> & {
  /** It ended without ever getting a job, other than by `end`. */
  onDeath(): void;
};

export interface StandbyProgram extends AsyncDisposable {
  /** Gives it its one job. Undefined when it was dead already, so nothing has run. */
  run(job: StandbyJob, signal: AbortSignal): Promise<ProgramEnd> | undefined;
}

export type StandbyJob = Pick<ProgramSpec, 'env' | 'outputLimit' | 'onOutput' | 'onStart'> & { readonly input: string };

export const startStandby: StartStandby = (spec) => {
  const child = startProgram(spec, 'pipe');
  let isWaiting = true;
  child.nodeChildProcess.once('exit', () => {
    if (isWaiting) spec.onDeath();
    isWaiting = false;
  });
  return {
    run(job, signal) {
      if (!isWaiting || child.pid === undefined) return undefined;
      isWaiting = false;
      child.stdin?.end(job.input);
      return followProgram(child, job, signal);
    },
    async [Symbol.asyncDispose]() {
      if (!isWaiting) return;
      isWaiting = false;
      // The end of its stdin without a job tells it to go; it prints nothing, so nothing has to be read.
      child.kill('SIGKILL');
      await child;
    },
  };
};
