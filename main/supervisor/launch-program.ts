import { execa } from 'execa';
import type { Clock } from '../kit/clock.ts';

/**
 * Starts a program that is the person's and not the app's: an editor. It is in no process tree of the app's, prints nowhere,
 * and stays when the app ends. How it went is waited for only as long as a person would take it for slow.
 */
export type LaunchProgram = (spec: LaunchSpec, clock: Clock) => Promise<Launched>;

export type LaunchSpec = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
};

/** Still running after the wait is as good as ended well. */
export type Launched =
  | { readonly state: 'running' }
  | { readonly state: 'ended'; readonly exitCode: number | undefined }
  | { readonly state: 'not-started'; readonly why: string };

/** Most editors hand the file to a process that they have already, and end; one that cannot says so within this. */
const WAIT_MS = 2000;

export const launchProgram: LaunchProgram = (spec, clock) =>
  new Promise((resolve) => {
    const child = execa(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...spec.env },
      extendEnv: false,
      detached: true,
      cleanup: false,
      stdio: 'ignore',
      buffer: false,
      // Hidden, an editor on Windows would open without its window.
      windowsHide: false,
      reject: false,
    });
    child.nodeChildProcess.unref();
    const cancel = clock.after(WAIT_MS, () => resolve({ state: 'running' }));
    void child.then(({ exitCode, signal, originalMessage }) => {
      cancel();
      const started = exitCode !== undefined || signal !== undefined;
      resolve(
        started ? { state: 'ended', exitCode } : { state: 'not-started', why: originalMessage ?? 'did not start' },
      );
    });
  });
