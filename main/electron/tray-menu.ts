import type { MenuItemConstructorOptions } from 'electron';
import type { EngineStatus } from '../contract/engine.ts';
import type { Notice } from '../contract/notices.ts';

export type TrayState = {
  /** Undefined until the engine has said. */
  readonly status: EngineStatus | undefined;
  /** Newest first. */
  readonly recent: readonly Notice[];
};

export type TrayActions = {
  open(): void;
  openExecution(id: string): void;
  setPaused(paused: boolean): void;
  quit(): void;
};

export function trayMenu({ status, recent }: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const results = recent.map((notice) => recentResult(notice, actions));
  return [
    { label: statusLine(status), enabled: false },
    ...(results.length > 0 ? [separator, ...results] : []),
    separator,
    { label: 'Open Stormlet', click: () => actions.open() },
    status?.paused
      ? { label: 'Resume automation', click: () => actions.setPaused(false) }
      : { label: 'Pause automation', enabled: status !== undefined, click: () => actions.setPaused(true) },
    separator,
    { label: 'Quit, and stop all sensors and rules', click: () => actions.quit() },
  ];
}

/** The state of the app in words: the tray's first line and its tooltip. */
export function statusLine(status: EngineStatus | undefined): string {
  if (!status) return 'Starting …';
  const waiting = status.waiting > 0 ? `, ${status.waiting} waiting` : '';
  if (status.paused) return `Paused: events are kept until you resume${waiting}`;
  if (status.running === 0 && status.waiting === 0) return 'Ready: waiting for events';
  return `Running ${status.running} ${status.running === 1 ? 'action' : 'actions'}${waiting}`;
}

const MARKS = { success: '✓', failure: '✗', info: '•' } as const;
/** Characters; a menu is as wide as its widest line. */
const LABEL_LENGTH = 60;

function recentResult(notice: Notice, actions: TrayActions): MenuItemConstructorOptions {
  const { execution } = notice;
  const time = new Date(notice.at).toTimeString().slice(0, 5);
  const title = notice.title.length > LABEL_LENGTH ? `${notice.title.slice(0, LABEL_LENGTH - 1)}…` : notice.title;
  return {
    // A single `&` would underline the letter after it.
    label: `${MARKS[notice.level]} ${time} ${title.replaceAll('&', '&&')}`,
    enabled: execution !== undefined,
    click: () => execution !== undefined && actions.openExecution(execution),
  };
}
