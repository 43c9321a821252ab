import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../support/until.ts';

export type SeenNotice = { readonly id: number; readonly title: string; readonly body: string };
type Line = {
  readonly menu?: string[];
  readonly notice?: SeenNotice;
  readonly ready?: number;
  readonly problem?: string;
};

/** A panel and a notification daemon on the session bus, as far as the app shows them anything. */
export class DesktopWatcher implements AsyncDisposable {
  readonly notices: SeenNotice[] = [];
  readonly problems: string[] = [];
  menu: readonly string[] = [];
  readonly #child: ChildProcess;
  #isReady = false;

  constructor() {
    this.#child = spawn('/usr/bin/python3', [path.join(import.meta.dirname, 'desktop_watcher.py')], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    if (this.#child.stdout) createInterface(this.#child.stdout).on('line', (line) => this.#read(JSON.parse(line)));
    this.#child.stderr?.on('data', (text) => this.problems.push(String(text)));
  }

  /** Rejects where the session has a desktop of its own, or the machine lacks what it needs. */
  async start(): Promise<this> {
    await until('the watcher is there', () => {
      if (this.#child.exitCode !== null) throw new Error(`the watcher of the desktop ended: ${this.problems.join('')}`);
      return this.#isReady;
    });
    return this;
  }

  press(label: string): void {
    this.#child.stdin?.write(`press ${label}\n`);
  }

  click(notice: SeenNotice): void {
    this.#child.stdin?.write(`click ${notice.id}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await ended;
  }

  #read({ menu, notice, ready, problem }: Line): void {
    if (menu) this.menu = menu;
    if (notice) this.notices.push(notice);
    if (ready) this.#isReady = true;
    if (problem) this.problems.push(problem);
  }
}

/** Why a machine has none; empty where it should work. */
export function watcherObstacle(): string {
  if (process.platform !== 'linux') return 'only a Linux desktop is watched';
  return existsSync('/usr/bin/python3') ? '' : 'there is no /usr/bin/python3';
}
