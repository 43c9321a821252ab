import type { CatalogueHit, CatalogueState } from '../../main/contract/catalogue.ts';
import { StormletError } from '../../main/contract/errors.ts';
import type { Execution, ExecutionStep, OutputChunk } from '../../main/contract/executions.ts';
import type { AppFile, OpenFileRequest } from '../../main/contract/files.ts';
import { checkResponse } from '../../main/contract/inquiries.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { Caller } from '../../main/contract/rpc-table.ts';
import type { RuleTestResult } from '../../main/contract/rule-tests.ts';
import type { RuleDetail } from '../../main/contract/rules.ts';
import { Settings } from '../../main/contract/settings.ts';
import type { TriggerInstanceDetail } from '../../main/contract/triggers.ts';
import { mergeSettings } from '../../main/settings-store.ts';
import { fakeAlias, fakeAliasHandlers } from './fake-aliases.ts';
import { fakeApiHandlers } from './fake-api.ts';
import { fakeKeyHandlers, fakePackConfig } from './fake-config.ts';
import { fakeFileHandlers } from './fake-files.ts';
import {
  ACTIONS,
  AT,
  HELLO,
  helloDetail,
  helloPack,
  INQUIRY,
  ref,
  ruleOnWave,
  SENSOR,
  STATUS,
  WAVE,
} from './fake-nouns.ts';
import { fakePolicyHandlers } from './fake-policies.ts';

/** A small world behind the contract, without processes or a database: what the transports and the CLI are tested against. */
export type FakeWorld = {
  readonly handlers: Handlers;
  /** Every run that was asked for, with who asked. */
  readonly runs: { action: string; parameters: JsonObject; caller: Caller }[];
  readonly executions: Map<string, Execution>;
  /** Files that were asked for. */
  readonly opened: OpenFileRequest[];
  readonly savedConfigs: ReturnType<typeof fakePackConfig>['saved'];
};

export function fakeWorld(emit: Emit): FakeWorld {
  const executions = new Map<string, Execution>();
  const runs: FakeWorld['runs'] = [];
  const opened: OpenFileRequest[] = [];
  let settings = Settings.parse({});
  const config = fakePackConfig(HELLO);
  const executionsOf = executionHandlers(emit, executions, runs);
  const handlers: Handlers = {
    engine: engineHandlers(),
    packs: { ...packHandlers(), ...config.handlers },
    keys: fakeKeyHandlers(emit),
    sensors: {
      list: () => [SENSOR],
      restart: () => ({ ...SENSOR, state: 'starting' }),
      setPaused: ({ paused }) => ({ ...SENSOR, state: paused ? 'paused' : 'running' }),
      log: ({ lines }) => ['2026-01-01T00:00:00.000Z first', '2026-01-01T00:00:01.000Z second'].slice(-lines),
    },
    triggers: triggerHandlers(emit),
    traces: {
      get: ({ id }) => {
        const execution = executions.get(id) ?? missing('history/unknown', `there is no event or execution \`${id}\``);
        return { executions: [execution], notices: [], more: false };
      },
    },
    rules: ruleHandlers(),
    policies: fakePolicyHandlers(emit),
    actions: {
      list: () => ACTIONS,
      get: (input) =>
        ACTIONS.find((action) => action.ref === input.ref) ??
        missing('action/unknown', `there is no action \`${input.ref}\``),
    },
    executions: executionsOf,
    aliases: fakeAliasHandlers(
      [fakeAlias('hello.say', 'hello.greet', 'say hello to {{ who }}')],
      (action, parameters) => executionsOf.run({ action, parameters }, { source: 'cli' }),
    ),
    workflows: { inspect: () => ({ problems: [] }) },
    inquiries: inquiryHandlers(emit, executions),
    notifications: { recent: () => [] },
    settings: {
      get: () => settings,
      update: (patch) => {
        settings = Settings.parse(mergeSettings(settings, patch));
        return settings;
      },
    },
    files: fakeFileHandlers((of) => filesNamed(of), opened),
    ...fakeApiHandlers(),
    backup: {
      state: () => ({ backups: [BACKUP] }),
      create: ({ file }) => ({ ...BACKUP, ...(file !== undefined && { file }) }),
      restore: () => BACKUP,
      discard: () => {},
    },
    bus: {
      url: (input) => ({ url: `mqtt://${input.pack ? `pack-${input.pack}` : 'all'}:s3cret@127.0.0.1:1883` }),
      keys: () => [{ name: 'kitchen', topics: ['home/#', 'attic'], createdAt: '2026-01-01T00:00:00.000Z' }],
      createKey: (key) => ({
        ...key,
        createdAt: '2026-01-01T00:00:00.000Z',
        password: 's3cret',
        url: 'mqtt://127.0.0.1',
      }),
      deleteKey: () => {},
    },
  };
  return { handlers, runs, executions, opened, savedConfigs: config.saved };
}

/** One question is open, until it is answered. */
function inquiryHandlers(emit: Emit, executions: FakeWorld['executions']): Handlers['inquiries'] {
  const open = new Map([[INQUIRY.id, INQUIRY]]);
  const find = (id: string) => open.get(id) ?? missing('inquiry/not-open', `there is no inquiry \`${id}\``);
  return {
    list: () => [...open.values()],
    get: ({ id }) => find(id),
    respond: ({ id, response }) => {
      const { action, schema, context, askedAt } = find(id);
      const [problem] = checkResponse(schema, response);
      if (problem) missing('inquiry/response-invalid', problem.message);
      open.delete(id);
      emit('inquiries.changed', { id });
      const ended: Execution = {
        id,
        action,
        runner: 'inquirer',
        status: 'succeeded',
        parameters: {},
        context,
        createdAt: askedAt,
        endedAt: AT,
        result: { response },
        steps: [],
      };
      executions.set(id, ended);
      return ended;
    },
  };
}

function engineHandlers(): Handlers['engine'] {
  return {
    status: () => STATUS,
    setPaused: ({ paused, until }) => ({ ...STATUS, paused, ...(until !== undefined && { pausedUntil: until }) }),
    doctor: () => [{ name: 'python', state: 'warning', detail: 'python 3.7 is too old', hint: 'install python 3.11' }],
    log: () => [{ at: AT, level: 'warn', scope: 'rules', text: 'a rule is broken' }],
  };
}

function packHandlers(): Omit<Handlers['packs'], 'config' | 'saveConfig'> {
  const hint = '`stormlet pack list` shows what is installed';
  return {
    list: () => [helloPack()],
    get: (input) =>
      input.ref === HELLO ? helloDetail() : missing('pack/unknown', `there is no pack \`${input.ref}\``, hint),
    available: () => [{ ref: HELLO, name: 'Hello', description: 'Greets.', version: '1.0.0', installed: true }],
    catalogue: ({ search }) => ({
      hits: [HELLO_HIT].filter(({ ref }) => ref.includes(search)),
      total: search === '' ? 1 : 0,
      catalogues: [STALE_CATALOGUE],
    }),
    refreshCatalogue: () => [{ ...STALE_CATALOGUE, problem: undefined }],
    setEnabled: () => helloPack(),
  };
}

const HELLO_HIT: CatalogueHit = {
  ref: HELLO,
  name: 'Hello',
  description: 'Greets.',
  version: '1.1.0',
  author: 'Ada',
  keywords: [],
  from: 'catalogue',
  url: 'https://example.com/hello.git',
  installed: '1.0.0',
};

const STALE_CATALOGUE: CatalogueState = {
  source: 'https://example.com/index.json',
  packs: 1,
  fetchedAt: AT,
  problem: { code: 'download/failed', kind: 'environment', message: '`example.com` could not be fetched' },
};

/** Every wave is matched by one rule and stopped at another, a moment after it was taken; anything else is refused. */
function triggerHandlers(emit: Emit): Handlers['triggers'] {
  const instances = new Map<string, TriggerInstanceDetail>();
  const verdicts: TriggerInstanceDetail['verdicts'] = [
    { rule: ref('hello.on_wave'), matched: true, execution: 'ex-77' },
    { rule: ref('hello.never'), matched: false, stoppedAt: 'trigger.size', seen: 1, expected: 2 },
  ];
  return {
    types: () => [WAVE],
    timers: () => [
      {
        ref: 'core.1' as ResourceRef,
        type: 'core.st2.CronTimer' as ResourceRef,
        parameters: { day_of_week: 'mon-fri', hour: 9 },
        rules: ['default.morning' as ResourceRef],
        nextAt: '2026-01-02T09:00:00.000Z',
      },
      {
        ref: 'core.2' as ResourceRef,
        type: 'core.st2.DateTimer' as ResourceRef,
        parameters: { date: '2020-01-01' },
        rules: ['default.past' as ResourceRef],
      },
    ],
    list: () => [],
    emit: ({ trigger, payload }, { source }) => {
      const id = `ti-${instances.size + 1}`;
      const pending = { id, trigger, payload, occurredAt: AT, receivedAt: AT, source, status: 'pending' as const };
      if (trigger !== WAVE.ref) {
        const problem = {
          severity: 'error' as const,
          code: 'trigger/unknown',
          message: 'no such trigger',
          hint: 'look',
        };
        instances.set(id, { ...pending, status: 'refused', problem, verdicts: [] });
        return { ...pending, status: 'refused', problem };
      }
      const processed: TriggerInstanceDetail = { ...pending, status: 'processed', verdicts };
      instances.set(id, processed);
      queueMicrotask(() => emit('triggers.changed', processed));
      return pending;
    },
    page: () => ({ items: [...instances.values()], more: false }),
    get: ({ id }) => instances.get(id) ?? missing('trigger/instance-unknown', `there is no \`${id}\``),
  };
}

const BACKUP = { file: '/data/backups/b.tar.gz', bytes: 2_500_000, createdAt: AT, version: '0.1.0', packs: ['hello'] };

const TRIED: RuleTestResult = {
  event: { id: 'event-1', trigger: 'hello.wave', payload: { hand: 'left' }, receivedAt: AT },
  matched: false,
  criteria: [{ key: 'trigger.hand', operator: 'equals', holds: false, seen: 'left', expected: 'right' }],
};

function ruleHandlers(): Handlers['rules'] {
  const rules = new Map([[ref('hello.on_wave'), ruleOnWave()]]);
  const get: Handlers['rules']['get'] = (input) =>
    rules.get(input.ref) ?? missing('rule/unknown', `there is no rule \`${input.ref}\``);
  return {
    list: () => [...rules.values()],
    problems: () => [
      { severity: 'error', code: 'rule/yaml', message: 'bad indentation', file: '/config/rules/x.yaml', line: 3 },
    ],
    get,
    create: () => missing('test/unused', 'the fake makes no rules'),
    add: () => missing('test/unused', 'the fake makes no rules'),
    check: () => ({ problems: [], rule: ruleOnWave() }),
    test: ({ yaml }) => ({ problems: [], rule: ruleOnWave(), results: yaml === '' ? [] : [TRIED] }),
    save: get,
    remove: ({ ref: its }) => void rules.delete(its),
    setEnabled: ({ ref: its, enabled }) => {
      const changed: RuleDetail = { ...ruleOnWave(), enabled };
      rules.set(its, changed);
      return changed;
    },
  };
}

function executionHandlers(
  emit: Emit,
  executions: FakeWorld['executions'],
  runs: FakeWorld['runs'],
): Handlers['executions'] {
  const change = (next: Execution) => {
    executions.set(next.id, next);
    emit('executions.changed', next);
    return next;
  };
  const find = (id: string) => executions.get(id) ?? missing('execution/unknown', `there is no execution \`${id}\``);
  const run = (action: ResourceRef, parameters: JsonObject, caller: Caller, rerunOf?: string) => {
    runs.push({ action, parameters, caller });
    const first: Execution = {
      id: `ex-${executions.size + 1}`,
      action,
      runner: 'python-script',
      status: 'running',
      parameters,
      context: { source: caller.source, ...(rerunOf !== undefined && { rerunOf }) },
      createdAt: AT,
      startedAt: AT,
      steps: [],
    };
    change(first);
    play(first, emit, change);
    return first;
  };
  return {
    run: ({ action, parameters, delay = 0 }, caller) => {
      const first = run(action, parameters, caller);
      if (delay === 0) return first;
      const until = new Date(Date.parse(AT) + delay).toISOString();
      return { ...first, status: 'delayed', delay: { reason: 'it was asked for later', until } };
    },
    rerun: ({ id, parameters }, caller) => {
      const before = find(id);
      return run(before.action, { ...before.parameters, ...parameters }, caller, id);
    },
    page: () => ({ items: [...executions.values()].reverse(), more: false }),
    count: () => ({ count: executions.size }),
    get: ({ id }) => find(id),
    cancel: ({ id }) => change({ ...find(id), status: 'canceled', endedAt: AT }),
    pause: ({ id }) => change({ ...find(id), status: 'pausing' }),
    resume: ({ id }) => change({ ...find(id), status: 'resuming' }),
    children: ({ id }) => [...executions.values()].filter(({ context }) => context.parent === id),
    output: () => [],
  };
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
    case 'packs.update':
    case 'packs.rollback':
    case 'packs.uninstall':
    case 'packs.setup_virtualenv':
      end({ status: 'succeeded' });
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

function filesNamed(name: string): AppFile[] {
  const of = ACTIONS.find((action) => action.ref === name);
  if (!of) missing('files/unknown', `there is nothing named \`${name}\``);
  return [
    { kind: 'action', part: 'metadata', file: `/data/packs/${of.pack}/actions/${name.slice(of.pack.length + 1)}.yaml` },
    { kind: 'action', part: 'code', file: `/data/packs/${of.pack}/actions/${name.slice(of.pack.length + 1)}.py` },
  ];
}
