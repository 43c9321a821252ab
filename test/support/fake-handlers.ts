import { StormletError } from '../../main/contract/errors.ts';
import type { Execution, ExecutionStep, OutputChunk } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ActionDefinition, PackSummary, TriggerType } from '../../main/contract/packs.ts';
import { PackRef, packOf, ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { Caller } from '../../main/contract/rpc-table.ts';
import type { RuleDetail } from '../../main/contract/rules.ts';
import type { SensorStatus } from '../../main/contract/sensors.ts';
import { Settings } from '../../main/contract/settings.ts';
import type { TriggerInstanceDetail } from '../../main/contract/triggers.ts';

/** A small world behind the contract, without processes or a database: what the transports and the CLI are tested against. */
export type FakeWorld = {
  readonly handlers: Handlers;
  /** Every run that was asked for, with who asked. */
  readonly runs: { action: string; parameters: JsonObject; caller: Caller }[];
  readonly executions: Map<string, Execution>;
};

const AT = '2026-01-02T03:04:05.678Z';
const HELLO = PackRef.parse('hello');
const ref = (text: string) => ResourceRef.parse(text);

export function fakeWorld(emit: Emit): FakeWorld {
  const executions = new Map<string, Execution>();
  const instances = new Map<string, TriggerInstanceDetail>();
  const runs: FakeWorld['runs'] = [];
  let settings = Settings.parse({});
  let paused = false;
  const rules = new Map([[ref('hello.on_wave'), ruleOnWave()]]);

  const status = () => ({
    version: '1.2.3',
    host: 'headless' as const,
    startedAt: AT,
    paused,
    busUrl: 'mqtt://127.0.0.1:1883',
    folders: { config: '/config', data: '/data', packs: '/data/packs', rules: '/config/rules' },
    firstRun: false,
    running: 0,
    waiting: 0,
  });
  const rule = (wanted: ResourceRef) => rules.get(wanted) ?? missing('rule/unknown', `there is no rule \`${wanted}\``);
  const execution = (id: string) =>
    executions.get(id) ?? missing('execution/unknown', `there is no execution \`${id}\``);
  const change = (next: Execution) => {
    executions.set(next.id, next);
    emit('executions.changed', next);
    return next;
  };

  const handlers: Handlers = {
    engine: {
      status,
      setPaused: (input) => {
        paused = input.paused;
        return status();
      },
      doctor: () => [
        { name: 'python', state: 'warning', detail: 'python 3.7 is too old', hint: 'install python 3.11' },
      ],
    },
    packs: {
      list: () => [helloPack()],
      get: (input) =>
        input.ref === HELLO
          ? {
              ...helloPack(),
              keywords: ['greeting'],
              requirements: ['requests==2.32.3'],
              actions: ACTIONS,
              sensors: [],
              rules: [ruleOnWave()],
              triggerTypes: [WAVE],
            }
          : missing(
              'pack/unknown',
              `there is no pack \`${input.ref}\``,
              '`stormlet pack list` shows what is installed',
            ),
      available: () => [{ ref: HELLO, name: 'Hello', description: 'Greets.', version: '1.0.0', installed: true }],
      setEnabled: () => helloPack(),
    },
    sensors: { list: () => [SENSOR], restart: () => ({ ...SENSOR, state: 'starting' }) },
    triggers: {
      types: () => [WAVE],
      emit: (input, caller) => {
        const instance: TriggerInstanceDetail = {
          id: `ti-${instances.size + 1}`,
          trigger: input.trigger,
          payload: input.payload,
          occurredAt: AT,
          receivedAt: AT,
          source: caller.source,
          status: 'pending',
          verdicts: [],
        };
        const processed: TriggerInstanceDetail = {
          ...instance,
          status: 'processed',
          verdicts: [
            { rule: ref('hello.on_wave'), matched: true, execution: 'ex-77' },
            { rule: ref('hello.never'), matched: false, stoppedAt: 'trigger.size', seen: 1, expected: 2 },
          ],
        };
        instances.set(instance.id, processed);
        queueMicrotask(() => emit('triggers.changed', processed));
        return instance;
      },
      page: () => ({ items: [...instances.values()], more: false }),
      get: (input) => instances.get(input.id) ?? missing('trigger/instance-unknown', `there is no \`${input.id}\``),
    },
    rules: {
      list: () => [...rules.values()],
      problems: () => [
        { severity: 'error', code: 'rule/yaml', message: 'bad indentation', file: '/config/rules/x.yaml', line: 3 },
      ],
      get: (input) => rule(input.ref),
      create: () => missing('test/unused', 'the fake makes no rules'),
      save: (input) => rule(input.ref),
      remove: (input) => void rules.delete(input.ref),
      setEnabled: (input) => {
        const changed: RuleDetail = { ...rule(input.ref), enabled: input.enabled };
        rules.set(input.ref, changed);
        return changed;
      },
    },
    actions: {
      list: () => ACTIONS,
      get: (input) =>
        ACTIONS.find((action) => action.ref === input.ref) ??
        missing('action/unknown', `there is no action \`${input.ref}\``),
    },
    executions: {
      run: (input, caller) => {
        runs.push({ ...input, caller });
        const first: Execution = {
          id: `ex-${executions.size + 1}`,
          action: input.action,
          runner: 'python-script',
          status: 'running',
          parameters: input.parameters,
          context: { source: caller.source },
          createdAt: AT,
          startedAt: AT,
          steps: [],
        };
        change(first);
        play(first, emit, change);
        return first;
      },
      page: () => ({ items: [...executions.values()].reverse(), more: false }),
      get: (input) => execution(input.id),
      cancel: (input) => change({ ...execution(input.id), status: 'canceled', endedAt: AT }),
      output: () => [],
    },
    notifications: { recent: () => [] },
    settings: {
      get: () => settings,
      update: () => {
        settings = Settings.parse(settings);
        return settings;
      },
    },
    bus: {
      url: (input) => ({ url: `mqtt://${input.pack ? `pack-${input.pack}` : 'all'}:s3cret@127.0.0.1:1883` }),
    },
  };
  return { handlers, runs, executions };
}

/** What each action does once it was asked for; `hello.hang` does nothing until it is canceled. */
function play(execution: Execution, emit: Emit, change: (next: Execution) => Execution): void {
  const print = (stream: OutputChunk['stream'], text: string) =>
    emit('executions.printed', { execution: execution.id, stream, text });
  const end = (patch: Partial<Execution>) => queueMicrotask(() => change({ ...execution, endedAt: AT, ...patch }));
  switch (execution.action as string) {
    case 'hello.greet':
      print('stdout', `hello ${JSON.stringify(execution.parameters)}\n`);
      print('stderr', 'a warning\n');
      end({ status: 'succeeded', result: { result: { greeted: true }, stdout: '', stderr: '', exit_code: 0 } });
      break;
    case 'hello.fail':
      end({
        status: 'failed',
        fault: { code: 'action/raised', kind: 'pack', message: '`ValueError`: no such greeting', hint: 'try `hi`' },
      });
      break;
    case 'packs.install': {
      const clone: ExecutionStep = { name: 'clone', state: 'running' };
      change({ ...execution, steps: [clone] });
      print('stdout', 'Collecting requests\n');
      const steps: ExecutionStep[] = [
        { ...clone, state: 'done', detail: '12 files' },
        { name: 'virtualenv', state: 'done' },
      ];
      end({ status: 'succeeded', steps, result: { result: { packs: ['hello'] } } });
      break;
    }
  }
}

function missing(code: string, message: string, hint?: string): never {
  throw new StormletError({ code, kind: 'user', message, ...(hint !== undefined && { hint }) });
}

function helloPack(): PackSummary {
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

const ACTIONS: ActionDefinition[] = [
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

const WAVE: TriggerType = {
  ref: ref('hello.wave'),
  pack: HELLO,
  name: 'wave',
  description: 'Somebody waves.',
  payloadSchema: { type: 'object', properties: { size: { type: 'integer' }, who: { type: 'string' } } },
  file: '/data/packs/hello/triggers/wave.yaml',
};

const SENSOR: SensorStatus = {
  ref: ref('hello.WaveSensor'),
  pack: HELLO,
  className: 'WaveSensor',
  description: 'Sees waves.',
  state: 'given-up',
  why: 'it exited with code 1, 5 times in a row',
  restarts: 5,
  recentOutput: [],
};

function ruleOnWave(): RuleDetail {
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
