import type { EngineStatus } from '../../main/contract/engine.ts';
import type { Inquiry } from '../../main/contract/inquiries.ts';
import type { ActionDefinition, PackDetail, PackSummary, TriggerType } from '../../main/contract/packs.ts';
import { PackRef, packOf, ResourceRef } from '../../main/contract/refs.ts';
import type { RuleDetail } from '../../main/contract/rules.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';

/** The nouns of the fake world: one pack with actions, a trigger, a rule, and a sensor that was given up. */
export const AT = '2026-01-02T03:04:05.678Z';
export const HELLO = PackRef.parse('hello');

export function ref(text: string): ResourceRef {
  return ResourceRef.parse(text);
}

export const STATUS: EngineStatus = {
  version: '1.2.3',
  host: 'headless',
  startedAt: AT,
  paused: false,
  busUrl: 'mqtt://127.0.0.1:1883',
  folders: { config: '/config', data: '/data', packs: '/data/packs', rules: '/config/rules' },
  firstRun: false,
  running: 0,
  waiting: 0,
  loopDelay: { p99Ms: 2, maxMs: 11 },
};

export function helloDetail(): PackDetail {
  return {
    ...helloPack(),
    keywords: ['greeting'],
    requirements: ['requests==2.32.3'],
    installation: {
      ...{ source: 'https://example.org/hello', kind: 'git', origin: 'https://example.org/hello' },
      ...{ ref: 'v1.0.0', commit: '0123456789abcdef0123456789abcdef01234567' },
      ...{ version: '1.0.0', at: AT, by: 'Stormlet 1.2.3' },
    },
    previous: { version: '0.9.0' },
    neededBy: [],
    distributions: [
      { name: 'requests', version: '2.32.3' },
      { name: 'waver', version: '1.0', url: 'git+https://example.org/waver@abc' },
    ],
    actions: ACTIONS,
    sensors: [],
    rules: [ruleOnWave()],
    triggerTypes: [WAVE],
  };
}

export function helloPack(): PackSummary {
  return {
    ref: HELLO,
    name: 'Hello',
    description: 'Greets.',
    version: '1.0.0',
    author: 'someone',
    path: '/data/packs/hello',
    origin: 'installed',
    enabled: true,
    state: 'ready',
    problems: [{ severity: 'warning', code: 'pack/old', message: 'an old key', file: '/data/packs/hello/pack.yaml' }],
    missingConfig: [],
    virtualenv: { state: 'ready', python: '3.11.2' },
    counts: { actions: 2, sensors: 1, rules: 1, triggers: 1 },
  };
}

function action(name: string, parameters: ActionDefinition['parameters']): ActionDefinition {
  const its = ref(name);
  return {
    ref: its,
    pack: packOf(its),
    name,
    description: `Does ${name}.`,
    enabled: true,
    runner: 'python-script',
    entryPoint: 'x.py',
    parameters,
    tags: [],
    file: '/x.yaml',
  };
}

export const ACTIONS: ActionDefinition[] = [
  action('hello.greet', {
    name: { type: 'string' },
    times: { type: 'integer' },
    loud: { type: 'boolean' },
    tags: { type: 'array' },
    extra: { type: 'object' },
  }),
  action('hello.fail', {}),
  action('hello.hang', {}),
];

export const INQUIRY: Inquiry = {
  id: 'q-1',
  action: ref('core.ask'),
  context: { source: 'rule', rule: ref('hello.ask_first') },
  schema: {
    type: 'object',
    properties: {
      go: { type: 'boolean', description: 'Shall it go on?', required: true },
      times: { type: 'integer', description: 'How often.', minimum: 1 },
    },
  },
  route: 'night',
  users: [],
  roles: [],
  ttl: 60,
  askedAt: AT,
  expiresAt: '2026-01-02T04:04:05.678Z',
};

export const WAVE: TriggerType = {
  ref: ref('hello.wave'),
  pack: HELLO,
  name: 'wave',
  description: 'Somebody waves.',
  payloadSchema: { type: 'object', properties: { size: { type: 'integer' }, who: { type: 'string' } } },
  file: '/data/packs/hello/triggers/wave.yaml',
};

export const SENSOR: SensorStatus = {
  ref: ref('hello.WaveSensor'),
  pack: HELLO,
  className: 'WaveSensor',
  description: 'Sees waves.',
  state: 'given-up',
  why: 'it exited with code 1, 5 times in a row',
  restarts: 5,
  recentOutput: [],
};

export function ruleOnWave(): RuleDetail {
  return {
    ref: ref('hello.on_wave'),
    pack: HELLO,
    name: 'on_wave',
    description: '',
    enabled: true,
    type: 'standard',
    trigger: { type: WAVE.ref, parameters: {} },
    criteria: {},
    action: { ref: ref('hello.greet'), parameters: {} },
    tags: [],
    origin: 'pack',
    file: '/data/packs/hello/rules/on_wave.yaml',
    state: 'active',
    problems: [],
    yaml: 'name: on_wave\n',
  };
}
