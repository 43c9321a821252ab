import type { MenuItemConstructorOptions } from 'electron';
import type { EngineStatus } from '../contract/engine.ts';
import type { Notice } from '../contract/notices.ts';
import type { ResourceRef } from '../contract/refs.ts';
import type { TrayState } from './tray-facts.ts';

export type TrayActions = {
  /** The window, where it was left. */
  open(): void;
  /** The window, at one of its pages. */
  openAt(route: string): void;
  openExecution(id: string): void;
  run(action: ResourceRef): void;
  /** `until` in milliseconds since the epoch; without, until somebody resumes. */
  pause(until?: number): void;
  resume(): void;
  quit(): void;
};

/** `now` in milliseconds since the epoch. */
export function trayMenu(state: TrayState, actions: TrayActions, now: number): MenuItemConstructorOptions[] {
  const { status, recent, pinned } = state;
  return [
    { label: statusLine(status, now), enabled: false },
    ...waiting(state, actions),
    ...section(recent.map((notice) => recentResult(notice, actions))),
    ...section(pinned.map((ref) => ({ label: `Run ${ref}`, click: () => actions.run(ref) }))),
    { type: 'separator' },
    { label: 'Open Stormlet', click: () => actions.open() },
    status?.paused ? { label: 'Resume automation', click: () => actions.resume() } : pauseMenu(status, actions, now),
    { type: 'separator' },
    { label: quitLabel(state), click: () => actions.quit() },
  ];
}

/** The state of the app in words: the tray's first line and its tooltip. */
export function statusLine(status: EngineStatus | undefined, now: number): string {
  if (!status) return 'Starting …';
  const waiting = status.waiting > 0 ? `, ${status.waiting} waiting` : '';
  if (status.paused) {
    const end = status.pausedUntil === undefined ? 'you resume' : dayAndTime(status.pausedUntil, now);
    return `Paused: events are kept until ${end}${waiting}`;
  }
  if (status.running === 0 && status.waiting === 0) return 'Ready: waiting for events';
  return `Running ${counted(status.running, 'action')}${waiting}`;
}

function section(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.length > 0 ? [{ type: 'separator' }, ...items] : [];
}

function waiting({ questions, unseen }: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const lines: MenuItemConstructorOptions[] = [];
  if (questions > 0) {
    const label = `${counted(questions, 'question')} ${questions === 1 ? 'waits' : 'wait'} for your answer`;
    lines.push({ label, click: () => actions.openAt('/inquiries') });
  }
  if (unseen > 0) {
    const label = `${counted(unseen, 'result')} to look at`;
    lines.push({ label, click: () => actions.openAt('/history/executions') });
  }
  return lines;
}

const HOUR_MS = 3_600_000;

function pauseMenu(status: EngineStatus | undefined, actions: TrayActions, now: number): MenuItemConstructorOptions {
  const tomorrow = morningAfter(now);
  return {
    label: 'Pause automation',
    enabled: status !== undefined,
    submenu: [
      { label: 'For an hour', click: () => actions.pause(now + HOUR_MS) },
      { label: `Until tomorrow, ${clockTime(tomorrow)}`, click: () => actions.pause(tomorrow) },
      { label: 'Until I resume', click: () => actions.pause() },
    ],
  };
}

/** When most people's day begins. */
const MORNING_HOUR = 6;

function morningAfter(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, MORNING_HOUR).getTime();
}

function quitLabel({ status, sensors, rules }: TrayState): string {
  const running = status?.running ?? 0;
  const stopped = [
    ...(sensors > 0 ? [counted(sensors, 'sensor')] : []),
    ...(rules > 0 ? [counted(rules, 'rule')] : []),
    ...(running > 0 ? [counted(running, 'running action')] : []),
  ];
  const last = stopped.pop();
  if (last === undefined) return 'Quit';
  return `Quit, and stop ${stopped.length > 0 ? `${stopped.join(', ')} and ` : ''}${last}`;
}

const MARKS = { success: '✓', failure: '✗', info: '•' } as const;
/** Characters; a menu is as wide as its widest line. */
const LABEL_LENGTH = 60;

function recentResult(notice: Notice, actions: TrayActions): MenuItemConstructorOptions {
  const { execution } = notice;
  const title = notice.title.length > LABEL_LENGTH ? `${notice.title.slice(0, LABEL_LENGTH - 1)}…` : notice.title;
  return {
    // A single `&` would underline the letter after it.
    label: `${MARKS[notice.level]} ${clockTime(notice.at)} ${title.replaceAll('&', '&&')}`,
    enabled: execution !== undefined,
    click: () => execution !== undefined && actions.openExecution(execution),
  };
}

/** `14:05` today, `Thu 06:00` within a week, else with its date. */
function dayAndTime(instant: string, now: number): string {
  const then = new Date(instant);
  const days = (then.getTime() - now) / (24 * HOUR_MS);
  if (then.toDateString() === new Date(now).toDateString()) return clockTime(instant);
  const day = days < 6 ? then.toDateString().slice(0, 3) : then.toDateString();
  return `${day} ${clockTime(instant)}`;
}

/** `14:05`, on this machine's clock. */
function clockTime(instant: string | number): string {
  return new Date(instant).toTimeString().slice(0, 5);
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
