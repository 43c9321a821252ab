import path from 'node:path';
import type { EngineStatus } from '../../main/contract/engine.ts';
import type { Notice } from '../../main/contract/notices.ts';
import type { SettingsPatch } from '../../main/contract/settings.ts';
import { clientOver } from '../../main/electron/engine-client.ts';
import type { Connect } from '../../main/electron/page-link.ts';
import { startShell } from '../../main/electron/shell.ts';
import { createLog } from '../../main/kit/log.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fakeRpc } from '../support/fake-server.ts';
import { type FakeElectron, fakeElectron } from './fake-electron.ts';

/** The real shell on a fake Electron, and a client of a real RPC server over the fake world. */
export function startFakeShell(
  given: {
    readonly hidden?: boolean;
    readonly platform?: NodeJS.Platform;
    readonly args?: readonly string[];
    readonly dataFolder?: string;
    readonly configHome?: string;
    /** As they are before the shell starts. */
    readonly settings?: SettingsPatch;
    readonly stop?: () => Promise<void>;
    /** Changes the fake Electron before the shell starts on it. */
    readonly prepare?: (electron: FakeElectron) => void;
  } = {},
) {
  const electron = fakeElectron();
  given.prepare?.(electron);
  const clock = new FakeClock();
  const { rpc, world } = fakeRpc();
  void world.handlers.settings.update(given.settings ?? {}, { source: 'window' });
  const logged: string[] = [];
  const connect: Connect = (send) => rpc.connect(send, { source: 'window' });
  const client = clientOver(connect);
  startShell(electron.surface, client, {
    files: {
      renderer: path.resolve('renderer'),
      preload: '/app/preload/index.cjs',
      icons: '/app/icons',
      notices: '/app/notices',
    },
    platform: given.platform ?? 'linux',
    dataFolder: given.dataFolder ?? '/no/such/folder',
    args: [...(given.args ?? []), ...(given.hidden ? ['--hidden'] : [])],
    launch: { command: '/opt/Stormlet/stormlet', args: [] },
    configHome: given.configHome ?? '/no/such/config',
    clock,
    log: createLog((line) => logged.push(line), 'info'),
    connect,
    stop: given.stop ?? (async () => {}),
  });
  return {
    world,
    ...electron,
    window: only(electron.windows),
    tray: only(electron.trays),
    clock,
    client,
    runs: world.runs,
    emit: rpc.emit,
    logged,
  };
}

export function only<T>(list: readonly T[]): T {
  const [first, ...rest] = list;
  if (first === undefined || rest.length > 0) throw new Error(`there are ${list.length} instead of one`);
  return first;
}

export function notice(id: string, given: Partial<Notice> = {}): Notice {
  return {
    id,
    at: `2026-01-01T00:00:${id.padStart(2, '0')}.000Z`,
    level: 'success',
    title: `hello.greet ${id}`,
    body: 'Hello',
    source: 'rule',
    execution: `ex-${id}`,
    ...given,
  };
}

export function engineStatus(given: Partial<EngineStatus> = {}): EngineStatus {
  return {
    version: '1.2.3',
    host: 'desktop',
    startedAt: '2026-01-01T00:00:00.000Z',
    paused: false,
    busUrl: 'mqtt://127.0.0.1:1883',
    folders: { config: '/c', data: '/d', packs: '/d/packs', rules: '/c/rules' },
    firstRun: false,
    running: 0,
    waiting: 0,
    loopDelay: { p99Ms: 2, maxMs: 11 },
    ...given,
  };
}
