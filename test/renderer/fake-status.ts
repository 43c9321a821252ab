import type { DoctorCheck, EngineStatus } from '../../main/contract/engine.ts';
import type { LogLine } from '../../main/contract/logs.ts';
import type { PackDetail, SensorDefinition } from '../../main/contract/packs.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';

export function fakeStatus(firstRun: boolean): EngineStatus {
  return {
    version: '0.1.0',
    host: 'headless',
    startedAt: new Date(Date.now() - 3_600_000).toISOString(),
    paused: false,
    busUrl: 'mqtt://127.0.0.1:41883',
    folders: {
      config: '/home/ada/.config/stormlet',
      data: '/home/ada/.local/share/stormlet',
      packs: '/home/ada/.local/share/stormlet/packs',
      rules: '/home/ada/.config/stormlet/rules',
    },
    firstRun,
    running: 0,
    waiting: 0,
    loopDelay: { p99Ms: 2, maxMs: 11 },
  };
}

export function fakeSensors(pack: PackDetail): SensorStatus[] {
  return pack.sensors.map((sensor) => ({ ...plain(sensor), ...stateOf(pack, sensor) }));
}

function plain({ ref, pack, className, description, pollInterval }: SensorDefinition) {
  return { ref, pack, className, description, ...(pollInterval !== undefined && { pollInterval }) };
}

function stateOf(
  pack: PackDetail,
  sensor: SensorDefinition,
): Omit<SensorStatus, 'ref' | 'pack' | 'className' | 'description'> {
  if (pack.state !== 'ready')
    return { state: 'not-ready', why: 'its pack has no virtualenv', restarts: 0, recentOutput: [] };
  if (sensor.className === 'LoadSensor') {
    return {
      state: 'given-up',
      why: 'it ended 5 times in a row, the last time with exit code 1',
      restarts: 5,
      recentOutput: [
        'Traceback (most recent call last):',
        '  File "load_sensor.py", line 12, in poll',
        "AttributeError: module 'os' has no attribute 'getloadavg'",
      ],
    };
  }
  return {
    state: 'running',
    pid: 4242,
    startedAt: new Date(Date.now() - 3_500_000).toISOString(),
    usage: { cpuPercent: 0.4, memoryBytes: 19_300_000 },
    restarts: 0,
    lastEventAt: new Date(Date.now() - 29_000).toISOString(),
    recentOutput: ['watching /home/ada/Drop'],
  };
}

export const FAKE_CHECKS: DoctorCheck[] = [
  { name: 'Python', state: 'ok', detail: '`/usr/bin/python3.11` (3.11.7)' },
  {
    name: 'uv',
    state: 'warning',
    detail: 'not found, so `pip` builds virtualenvs',
    hint: '`pipx install uv` makes installing packs faster',
  },
  { name: 'MQTT broker', state: 'ok', detail: 'listening on `127.0.0.1:41883`' },
  { name: 'Secrets', state: 'ok', detail: 'kept with a key file of mode 0600' },
];

export const FAKE_LOG: LogLine[] = [
  { at: '2026-11-24T08:00:00.120Z', level: 'info', scope: 'packs', text: 'packs are read count=5' },
  { at: '2026-11-24T08:00:00.480Z', level: 'info', scope: 'sensors', text: 'sensor started ref=examples.FolderSensor' },
  {
    at: '2026-11-24T08:00:02.011Z',
    level: 'warn',
    scope: 'sensors',
    text: 'sensor ended ref=examples.LoadSensor code=1',
  },
  { at: '2026-11-24T08:00:31.700Z', level: 'error', scope: 'packs', text: 'virtualenv failed pack=jira' },
];

export const FAKE_KEYS = [
  { name: 'examples.folder', scope: 'system', value: '/home/ada/Drop', plain: '/home/ada/Drop', secret: false },
  { name: 'github.token', scope: 'system', value: '********', plain: 'ghp_x', secret: true },
  {
    name: 'weather.cache',
    scope: 'system',
    value: '{"berlin": 12}',
    plain: '{"berlin": 12}',
    secret: false,
    expiresAt: '2026-12-24T18:00:00.000Z',
  },
] as const;
