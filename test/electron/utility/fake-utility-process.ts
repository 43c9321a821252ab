import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Transform } from 'node:stream';
import type { ForkOptions } from 'electron';
import type { ForkedSurface, UtilityProcessSurface } from '../../../main/electron/electron-surface.ts';

const PARENT_PORT = path.join(import.meta.dirname, 'parent-port.mjs');

/**
 * Electron's `utilityProcess` with a real process behind it, whose habits were seen in a real Electron: no stdin, no process
 * group of its own, no end by itself when nothing is left to do, an exit that is told before the last output was read and
 * that lets go of the streams, and the number of a signal for an exit code.
 */
export const fakeUtilityProcess: UtilityProcessSurface = {
  fork: (modulePath, args, options) => new FakeForked(modulePath, args, options),
};

class FakeForked extends EventEmitter implements ForkedSurface {
  readonly #child;
  pid: number | undefined;
  stdout: PassThrough | null = new PassThrough();
  stderr: PassThrough | null = new PassThrough();

  constructor(modulePath: string, args: string[], { cwd, env }: ForkOptions) {
    super();
    const switches = ['--unhandled-rejections=warn-with-error-code', '--import', PARENT_PORT];
    this.#child = spawn(process.execPath, [...switches, modulePath, ...args], {
      ...(cwd !== undefined && { cwd }),
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.once('error', () => this.emit('exit', 1));
    this.#child.once('spawn', () => this.#begin());
    this.#child.on('message', ({ ends }: { readonly ends: number }) => this.#end(ends));
    this.#child.once('exit', (code, signal) => this.#end(code ?? (signal ? os.constants.signals[signal] : 1)));
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send({ message });
  }

  #begin(): void {
    this.pid = this.#child.pid;
    if (this.stdout) this.#child.stdout?.pipe(late()).pipe(this.stdout);
    if (this.stderr) this.#child.stderr?.pipe(late()).pipe(this.stderr);
    this.emit('spawn');
  }

  #end(code: number): void {
    if (!this.stdout) return;
    this.emit('exit', code);
    this.stdout?.removeAllListeners();
    this.stderr?.removeAllListeners();
    this.stdout = null;
    this.stderr = null;
    this.pid = undefined;
  }
}

const LATE_MS = 15;

/** What was printed last arrives after the end is told, and long before the next word of a process that goes on. */
function late(): Transform {
  let last: Buffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  const giveLast = (stream: Transform) => {
    clearTimeout(timer);
    if (last) stream.push(last);
    last = undefined;
  };
  return new Transform({
    transform(chunk, _encoding, done) {
      giveLast(this);
      last = chunk;
      timer = setTimeout(() => giveLast(this), LATE_MS);
      done();
    },
    flush(done) {
      giveLast(this);
      done();
    },
  });
}
