import { PassThrough, type Readable } from 'node:stream';
import type { ForkNode } from '../kit/node-process.ts';
import type { UtilityProcessSurface } from './electron-surface.ts';

/** The name under which Electron tells of these processes. */
export const ACTION_PROCESS = 'Stormlet action';

/**
 * JavaScript actions run on the app's own Node: the packaged program is none for others (its fuse `runAsNode` is off), but
 * it may itself start one file of its own in a process of Chromium's kind, with Node in it.
 */
export function forkWithin(utilityProcess: UtilityProcessSurface): ForkNode {
  return ({ file, args, cwd, env }) => {
    const child = utilityProcess.fork(file, [...args], {
      cwd,
      env: { ...env },
      stdio: 'pipe',
      serviceName: ACTION_PROCESS,
      // On macOS: a pack may bring modules that nobody has signed, and what it asks the system for is not asked in our name.
      allowLoadingUnsignedLibraries: true,
      disclaim: true,
    });
    const ended = new Promise<number>((resolve) => child.once('exit', resolve));
    const spawned = new Promise<number | undefined>((resolve) => child.once('spawn', () => resolve(child.pid)));
    return {
      stdout: wholeOf(child.stdout),
      stderr: wholeOf(child.stderr),
      started: Promise.race([spawned, ended.then(() => undefined)]),
      ended,
      post: (message) => child.postMessage(message),
    };
  };
}

/**
 * Electron lets go of a stream as soon as the process has ended, although what it printed last may still be on its way. So
 * the source behind the stream is taken, which Electron connects when the process starts.
 */
function wholeOf(stream: NodeJS.ReadableStream | null): Readable {
  const whole = new PassThrough();
  stream?.once('pipe', (source: Readable) => {
    source.unpipe(stream as unknown as NodeJS.WritableStream);
    source.pipe(whole);
  });
  return whole;
}
