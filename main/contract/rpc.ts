import { z } from 'zod';
import { AliasDefinition, AliasMatch, AliasResult, AliasRun, AliasRunRequest, AliasText } from './aliases.ts';
import { ApiAddresses, ApiKey, CreatedApiKey, NewApiKey } from './api.ts';
import { Backup, BackupState } from './backups.ts';
import { BusKey, CreatedBusKey, NewBusKey } from './bus.ts';
import { CataloguePage, CatalogueSearch, CatalogueState } from './catalogue.ts';
import { DoctorCheck, EngineStatus } from './engine.ts';
import { Problem } from './errors.ts';
import {
  Execution,
  ExecutionCount,
  ExecutionFilter,
  ExecutionPage,
  OutputChunk,
  RerunRequest,
  RunRequest,
} from './executions.ts';
import { AppFile, Editor, Editors, OpenFileRequest } from './files.ts';
import { Inquiry } from './inquiries.ts';
import { JsonObject } from './json.ts';
import { ChangedKey, KeyName, KeyScope, NewKey, StoredKey } from './keys.ts';
import { LogLine } from './logs.ts';
import { Notice } from './notices.ts';
import { PackConfig, SavePackConfig } from './pack-config.ts';
import { ActionDefinition, AvailablePack, PackDetail, PackSummary, TriggerType } from './packs.ts';
import { NewPolicy, PolicyDetail, PolicySummary } from './policies.ts';
import { PackRef, ResourceRef } from './refs.ts';
import { command, type EmitEvent, event, query, type RpcClient, type RpcHandlers, type RpcTable } from './rpc-table.ts';
import { RuleReading, RuleTest, RuleTestRequest, RuleText } from './rule-tests.ts';
import { NewRule, RuleDetail, RuleSummary } from './rules.ts';
import { SensorStatus } from './sensors.ts';
import { Settings, SettingsPatch } from './settings.ts';
import { Trace } from './traces.ts';
import {
  EmitRequest,
  TimerStatus,
  Trigger,
  TriggerInstance,
  TriggerInstanceDetail,
  TriggerInstanceFilter,
  TriggerInstancePage,
} from './triggers.ts';
import { WorkflowInspection } from './workflows.ts';

const nothing = z.void();
const id = z.object({ id: z.string() });

/**
 * The only list of what a user interface can ask of the engine. The window (over preload IPC or a WebSocket), the CLI, the
 * validation of every call and the renderer's fake engine are derived from it. Installing, removing and rebuilding packs
 * are actions (`packs.install`, …) and so go through `executions.run` like any other.
 */
export const rpc = {
  engine: {
    status: query(nothing, EngineStatus),
    /** With `until` (ISO 8601) it ends by itself then; without, when somebody resumes. */
    setPaused: command(z.object({ paused: z.boolean(), until: z.iso.datetime().optional() }), EngineStatus),
    doctor: query(nothing, z.array(DoctorCheck)),
    /** What it said last of its own work, the oldest first. */
    log: query(z.object({ lines: z.number().int().min(1).max(2_000).default(500) }), z.array(LogLine)),
    logged: event(z.array(LogLine)),
    changed: event(EngineStatus),
  },
  packs: {
    list: query(nothing, z.array(PackSummary)),
    get: query(z.object({ ref: PackRef }), PackDetail),
    /** Packs that ship with the app and install by name. */
    available: query(nothing, z.array(AvailablePack)),
    /** Searches those and the catalogues of the settings; one that cannot be read now is searched as it was read last. */
    catalogue: query(CatalogueSearch, CataloguePage),
    /** Reads the catalogues anew, whatever their age. */
    refreshCatalogue: command(nothing, z.array(CatalogueState)),
    setEnabled: command(z.object({ ref: PackRef, enabled: z.boolean() }), PackSummary),
    config: query(z.object({ ref: PackRef }), PackConfig),
    /** Refused, naming each value, when one breaks the schema that did not before. */
    saveConfig: command(SavePackConfig, PackConfig),
    changed: event(z.object({ ref: PackRef, removed: z.boolean() })),
  },
  sensors: {
    list: query(nothing, z.array(SensorStatus)),
    /** Also starts one that was given up. */
    restart: command(z.object({ ref: ResourceRef }), SensorStatus),
    /** A paused sensor does not run, also after a start of the app, until it is resumed. */
    setPaused: command(z.object({ ref: ResourceRef, paused: z.boolean() }), SensorStatus),
    /** The last lines that it printed, oldest first, each with its time in front; also of earlier processes of it. */
    log: query(
      z.object({ ref: ResourceRef, lines: z.number().int().min(1).max(10_000).default(500) }),
      z.array(z.string()),
    ),
    printed: event(z.object({ ref: ResourceRef, lines: z.array(z.string()) })),
    changed: event(SensorStatus),
  },
  triggers: {
    types: query(nothing, z.array(TriggerType)),
    /** Those with parameters, that rules ask for. */
    list: query(nothing, z.array(Trigger)),
    emit: command(EmitRequest, TriggerInstance),
    /** Those that enabled rules ask for, the next first. */
    timers: query(nothing, z.array(TimerStatus)),
    page: query(TriggerInstanceFilter, TriggerInstancePage),
    get: query(id, TriggerInstanceDetail),
    changed: event(TriggerInstance),
  },
  rules: {
    list: query(nothing, z.array(RuleSummary)),
    /** Rule files that could not be read at all, and so have no entry in `list`. */
    problems: query(nothing, z.array(Problem)),
    get: query(z.object({ ref: ResourceRef }), RuleDetail),
    create: command(NewRule, RuleDetail),
    /** A new rule of the user's own from its YAML; refused, with line, when it cannot be loaded. */
    add: command(z.object({ yaml: z.string() }), RuleDetail),
    /** What there is to say of a rule that is being written. */
    check: query(RuleText, RuleReading),
    /** What it would have made of events of the history, or makes of one that is given. Runs nothing. */
    test: query(RuleTestRequest, RuleTest),
    /** Replaces the YAML of one of the user's own rules; refused, with file and line, when it cannot be loaded. */
    save: command(z.object({ ref: ResourceRef, yaml: z.string() }), RuleDetail),
    remove: command(z.object({ ref: ResourceRef }), nothing),
    setEnabled: command(z.object({ ref: ResourceRef, enabled: z.boolean() }), RuleSummary),
    changed: event(z.object({ ref: ResourceRef, removed: z.boolean() })),
  },
  policies: {
    list: query(nothing, z.array(PolicySummary)),
    /** Policy files that could not be read at all, and so have no entry in `list`. */
    problems: query(nothing, z.array(Problem)),
    get: query(z.object({ ref: ResourceRef }), PolicyDetail),
    create: command(NewPolicy, PolicyDetail),
    /** Replaces the YAML of one of the user's own; refused, with file and line, when it cannot be loaded. */
    save: command(z.object({ ref: ResourceRef, yaml: z.string() }), PolicyDetail),
    remove: command(z.object({ ref: ResourceRef }), nothing),
    setEnabled: command(z.object({ ref: ResourceRef, enabled: z.boolean() }), PolicySummary),
    changed: event(z.object({ ref: ResourceRef, removed: z.boolean() })),
  },
  actions: {
    list: query(nothing, z.array(ActionDefinition)),
    get: query(z.object({ ref: ResourceRef }), ActionDefinition),
  },
  aliases: {
    list: query(nothing, z.array(AliasDefinition)),
    /** Every format of an enabled alias that the text fits, in the order of the list. */
    match: query(z.object({ text: AliasText }), z.array(AliasMatch)),
    /** Refused when no format fits, or when several do and none is named. */
    run: command(AliasRunRequest, AliasRun),
    /** For an execution that has ended. */
    result: query(id, AliasResult),
  },
  executions: {
    run: command(RunRequest, Execution),
    /** The same action with the same parameters, secret ones included, those given here in their places. */
    rerun: command(RerunRequest, Execution),
    page: query(ExecutionFilter, ExecutionPage),
    count: query(ExecutionFilter, ExecutionCount),
    get: query(id, Execution),
    cancel: command(id, Execution),
    /** Of a workflow: what runs runs to its end, and nothing new is begun until it is resumed. */
    pause: command(id, Execution),
    resume: command(id, Execution),
    /** What a workflow's tasks ran, in the order in which they were asked for. */
    children: query(id, z.array(Execution)),
    /** What a running execution has printed so far; a finished one's output is in its `result`. */
    output: query(id, z.array(OutputChunk)),
    changed: event(Execution),
    printed: event(OutputChunk),
  },
  traces: {
    /** Of the event or execution of that id: from where it began to all that followed. */
    get: query(id, Trace),
  },
  workflows: {
    /** The definition of a workflow's action as it is now: all that is wrong with it, and its picture. */
    inspect: query(z.object({ action: ResourceRef }), WorkflowInspection),
  },
  inquiries: {
    /** Questions that wait for an answer, the oldest first. */
    list: query(nothing, z.array(Inquiry)),
    get: query(id, Inquiry),
    /** Ends the execution that asks; refused, with all that is wrong, when the schema does not allow the answer. */
    respond: command(z.object({ id: z.string(), response: JsonObject }), Execution),
    /** One came, or is open no more. */
    changed: event(id),
  },
  notifications: {
    recent: query(nothing, z.array(Notice)),
    posted: event(Notice),
    /** The runner `announcement` told something to whoever listens to the route. */
    announced: event(z.object({ route: z.string(), payload: JsonObject })),
  },
  settings: {
    get: query(nothing, Settings),
    update: command(SettingsPatch, Settings),
    changed: event(Settings),
  },
  files: {
    /** Those of all that has the name: a pack's ref, or `pack.name` of what packs and the person have. */
    of: query(z.object({ ref: z.string() }), z.array(AppFile)),
    editors: query(nothing, Editors),
    /** In the person's editor, on this machine; refused for a file that is not the app's own. */
    open: command(OpenFileRequest, Editor),
  },
  keys: {
    list: query(z.object({ prefix: z.string().default(''), scope: KeyScope.default('system') }), z.array(StoredKey)),
    get: query(KeyName, StoredKey),
    /** The plain text of a secret, for a person at a terminal; a window is refused. */
    decrypt: command(KeyName, z.object({ value: z.string() })),
    set: command(NewKey, StoredKey),
    delete: command(KeyName, nothing),
    changed: event(ChangedKey),
  },
  api: {
    addresses: query(nothing, ApiAddresses),
    /** The API's description in OpenAPI 3.1. */
    openapi: query(nothing, JsonObject),
  },
  apiKeys: {
    list: query(nothing, z.array(ApiKey)),
    /** The only time that the key is told. */
    create: command(NewApiKey, CreatedApiKey),
    setEnabled: command(z.object({ id: z.string(), enabled: z.boolean() }), ApiKey),
    delete: command(id, nothing),
  },
  backup: {
    state: query(nothing, BackupState),
    /** Writes one, by default into the app's own folder. `file` is an absolute path. */
    create: command(z.object({ file: z.string().optional() }), Backup),
    /** It takes the place of everything at the next start; what was there is moved aside. */
    restore: command(z.object({ file: z.string() }), Backup),
    /** The next start changes nothing after all. */
    discard: command(nothing, nothing),
  },
  bus: {
    /**
     * An address with credentials in it, for a terminal. With `pack`, it may publish that pack's trigger instances only,
     * as one of its sensors may; without, it may publish any and read everything.
     */
    url: command(z.object({ pack: PackRef.optional() }), z.object({ url: z.string() })),
    /** Credentials for programs and devices that are no part of the app; they last until they are deleted. */
    keys: query(nothing, z.array(BusKey)),
    createKey: command(NewBusKey, CreatedBusKey),
    /** Whoever uses it is disconnected. */
    deleteKey: command(z.object({ name: z.string() }), nothing),
  },
} as const satisfies RpcTable;

export type Rpc = typeof rpc;
export type Client = RpcClient<Rpc>;
export type Handlers = RpcHandlers<Rpc>;
export type Emit = EmitEvent<Rpc>;
