import { z } from 'zod';
import {
  DesktopPatch,
  desktopSettings,
  EditorPatch,
  editorSettings,
  NoticePatch,
  noticeSettings,
  TrayPatch,
  traySettings,
} from './desktop-settings.ts';
import { ActionLimits, pythonRunSettings } from './python-settings.ts';
import { eventSettings, eventSettingsPatch } from './trigger-settings.ts';

const AtOneTime = z.number().int().min(1).max(256);
const PackExecutions = z.record(z.string(), z.object({ concurrency: AtOneTime.optional() }));

/** Product settings, one JSON file. Every field has its default here, so an empty file is a valid one. */
export const Settings = z.object({
  notifications: z.object(noticeSettings).prefault({}),
  tray: z.object(traySettings).prefault({}),
  desktop: z.object(desktopSettings).prefault({}),
  editor: z.object(editorSettings).prefault({}),
  executions: z
    .object({
      /** Actions running at one time; the others wait as `requested`, those of each pack in turn. */
      concurrency: AtOneTime.default(8),
      /** Workflows at one time. They wait for their tasks most of the time, so they do not count as actions. */
      workflows: AtOneTime.default(64),
      /** By pack: actions of it at one time. */
      packs: PackExecutions.default({}),
    })
    .prefault({}),
  python: z
    .object({
      /** Interpreter for new virtualenvs; empty: found by itself, 3.11 and 3.10 preferred. */
      interpreter: z.string().default(''),
      /** `auto` takes uv where it is found or can be installed; `never` builds with venv and pip. */
      uv: z.enum(['auto', 'never']).default('auto'),
      /** Whether a virtualenv whose requirements.txt was changed is built again by itself, or only offered for it. */
      updateVirtualenvs: z.enum(['offer', 'automatic']).default('offer'),
      /** Packs also find what is in the virtualenv or conda environment that the app was started in, after all else. */
      useActivatedEnvironment: z.boolean().default(true),
      ...pythonRunSettings,
    })
    .prefault({}),
  /** Which Node runs actions in JavaScript: the app's own, or what `node` on the PATH is. */
  javascript: z.object({ node: z.enum(['app', 'machine']).default('app') }).prefault({}),
  /** Events, executions and notices that are kept; 0 is no limit. What is still open stays in any case. */
  history: z
    .object({
      keepDays: z.number().int().min(0).max(36_500).default(90),
      /** Of each of the three. */
      keepCount: z.number().int().min(0).default(500_000),
    })
    .prefault({}),
  /** 0 takes a free port at each start. */
  bus: z.object({ port: z.number().int().min(0).max(65535).default(0) }).prefault({}),
  http: z.object({ port: z.number().int().min(0).max(65535).default(0) }).prefault({}),
  ...eventSettings,
  /** StackStorm's API, for programs of the person: on the loopback only, with an API key. 0 takes a free port. */
  api: z
    .object({ enabled: z.boolean().default(false), port: z.number().int().min(0).max(65535).default(9101) })
    .prefault({}),
  packs: z
    .object({
      /** Indexes in the format of the StackStorm Exchange: addresses and paths of files. The first that has a pack counts. */
      catalogues: z.array(z.string().min(1)).default(['https://index.stackstorm.org/v1/index.json']),
    })
    .prefault({}),
  /** Automation is paused until then, or until somebody resumes; null: it is not. Kept here, so that a restart ends no pause. */
  pause: z.object({ until: z.iso.datetime().optional() }).nullable().default(null),
  /** Refs of packs that are switched off. */
  disabledPacks: z.array(z.string()).default([]),
  /** Refs of sensors that the user has paused. */
  pausedSensors: z.array(z.string()).default([]),
  /** A pack's own rule switched by the user, by ref; the pack's file is left as it came. */
  ruleSwitches: z.record(z.string(), z.boolean()).default({}),
  /** A pack's own policy switched by the user, in the same way. */
  policySwitches: z.record(z.string(), z.boolean()).default({}),
});
export type Settings = z.infer<typeof Settings>;

/** What the settings page may change. */
export const SettingsPatch = z
  .object({
    notifications: NoticePatch,
    tray: TrayPatch,
    desktop: DesktopPatch,
    editor: EditorPatch,
    history: z.object({ keepDays: z.number().int().min(0).max(36_500), keepCount: z.number().int().min(0) }).partial(),
    executions: z.object({ concurrency: AtOneTime, workflows: AtOneTime, packs: PackExecutions }).partial(),
    python: z
      .object({
        interpreter: z.string(),
        uv: z.enum(['auto', 'never']),
        updateVirtualenvs: z.enum(['offer', 'automatic']),
        useActivatedEnvironment: z.boolean(),
        isolation: pythonRunSettings.isolation.unwrap(),
        preImport: z.boolean(),
        idleMinutes: pythonRunSettings.idleMinutes.unwrap(),
        limits: ActionLimits,
        packs: pythonRunSettings.packs.unwrap(),
        actions: pythonRunSettings.actions.unwrap(),
      })
      .partial(),
    javascript: z.object({ node: z.enum(['app', 'machine']) }).partial(),
    ...eventSettingsPatch,
    api: z.object({ enabled: z.boolean(), port: z.number().int().min(0).max(65535) }).partial(),
    packs: z.object({ catalogues: z.array(z.string().min(1)) }).partial(),
  })
  .partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;
