import type { Readable } from 'node:stream';
import type { JsonObject } from '../contract/json.ts';
import type { ForkServerStart } from './fork-server.ts';
import { followProgram, type ProgramEnd, type ProgramSpec, startProgram } from './run-program.ts';

/** A program that is started ahead, does all it can without knowing its job, and then waits for that on its stdin. */
export type StartStandby = (spec: StandbySpec) => StandbyProgram;

export type StandbySpec = Pick<ProgramSpec, 'command' | 'args' | 'cwd' | 'env'> & {
  /** The first that it is told. */
  readonly hello: JsonObject;
  /** It ended without ever getting a job, other than by being disposed. */
  onDeath(): void;
};

export interface StandbyProgram extends AsyncDisposable {
  /** Settles once; never rejects. */
  readonly started: Promise<ForkServerStart>;
  /** Gives it its one job. Undefined when it is dead or not ready, so nothing has run. */
  run(job: StandbyJob, signal: AbortSignal): Promise<ProgramEnd> | undefined;
}

export type StandbyJob = Pick<ProgramSpec, 'env' | 'outputLimit' | 'onOutput' | 'onStart'> & { readonly input: string };

export const startStandby: StartStandby = (spec) => {
  const child = startProgram(spec, 'pipe');
  let state: 'starting' | 'waiting' | 'gone' = 'starting';
  child.nodeChildProcess.once('exit', () => {
    if (state !== 'gone') spec.onDeath();
    state = 'gone';
  });
  child.stdin?.write(`${JSON.stringify(spec.hello)}\n`);
  const started = firstLine(child.stdout).then(readStart);
  void started.then(({ kind }) => {
    if (state === 'starting' && kind === 'ready') state = 'waiting';
  });
  return {
    started,
    run(job, signal) {
      if (state !== 'waiting' || child.pid === undefined) return undefined;
      state = 'gone';
      child.stdin?.end(job.input);
      return followProgram(child, job, signal);
    },
    async [Symbol.asyncDispose]() {
      if (state === 'gone') return;
      state = 'gone';
      child.kill('SIGKILL');
      // What it said of its start is read by nobody any more, and an unread stream has no end.
      child.stdout.destroy();
      child.stderr.destroy();
      await child;
    },
  };
};

/** Reads no further than it: what follows is the job's own output. It says nothing else before it has a job. */
function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const read = () => {
      text += String(stream.read() ?? '');
      if (!text.includes('\n')) return;
      stream.off('readable', read);
      resolve(text);
    };
    stream.on('readable', read);
    for (const end of ['end', 'close', 'error']) stream.once(end, () => resolve(text));
  });
}

function readStart(line: string): ForkServerStart {
  try {
    const said = JSON.parse(line) as { imported?: string[]; failed?: string[]; module?: string; why?: string };
    if (said.module !== undefined) return { kind: 'unsuitable', module: said.module, why: said.why ?? '' };
    return { kind: 'ready', imported: said.imported ?? [], failed: said.failed ?? [] };
  } catch {
    return { kind: 'failed', why: 'it ended before it was ready' };
  }
}
