import { z } from 'zod';
import { ResourceRef } from './refs.ts';

/** What the app shows of itself: notices, the tray, and its manners on a desktop. */

/** Which results of a pack or of a rule are worth a notice. */
export const NoticeChoice = z.enum(['both', 'success', 'failure', 'none']);
export type NoticeChoice = z.infer<typeof NoticeChoice>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written `22:30`');

/** A time of the day, on this machine's clock, at which notices are gathered and told in one when it is over. */
export const QuietHours = z.object({
  enabled: z.boolean(),
  from: TimeOfDay,
  /** Earlier than `from`, it is on the next day. */
  to: TimeOfDay,
  /** The days on which they begin: 0 is Sunday. */
  days: z.array(z.number().int().min(0).max(6)),
  /** Failures and questions are shown all the same. */
  letFailuresThrough: z.boolean(),
});
export type QuietHours = z.infer<typeof QuietHours>;

export const noticeSettings = {
  onSuccess: z.boolean().default(true),
  onFailure: z.boolean().default(true),
  /** What the action `notify.show` asks for. */
  onRequest: z.boolean().default(true),
  /** By the ref of the action's pack; goes before the two above. */
  packs: z.record(z.string(), NoticeChoice).default({}),
  /** By the ref of the rule that asked for the action; goes before its pack. */
  rules: z.record(z.string(), NoticeChoice).default({}),
  quietHours: QuietHours.default({
    enabled: false,
    from: '22:00',
    to: '07:00',
    days: [0, 1, 2, 3, 4, 5, 6],
    letFailuresThrough: false,
  }),
  /** Successes of so many minutes are told in one notice; 0 tells each at once. */
  digestMinutes: z.number().int().min(0).max(1440).default(0),
};

export const NoticePatch = z
  .object({
    onSuccess: z.boolean(),
    onFailure: z.boolean(),
    onRequest: z.boolean(),
    packs: z.record(z.string(), NoticeChoice),
    rules: z.record(z.string(), NoticeChoice),
    quietHours: QuietHours,
    digestMinutes: z.number().int().min(0).max(1440),
  })
  .partial();

/** More would make a menu that nobody reads. */
const PINNED = 12;

export const traySettings = {
  /** Refs of actions in the tray's menu, in this order. One that has to be told something opens its page. */
  pinnedActions: z.array(ResourceRef).max(PINNED).default([]),
};

export const TrayPatch = z.object({ pinnedActions: z.array(ResourceRef).max(PINNED) }).partial();

export const desktopSettings = {
  /** Into the tray, without the window. */
  startAtLogin: z.boolean().default(false),
  /** Whether pages may ask to install a pack by a `stormlet://` address. Each is asked about before anything happens. */
  deepLinks: z.boolean().default(false),
  /** Keys that open the window with its command bar, written as Electron does; empty: none. */
  commandBarShortcut: z.string().default(''),
  /** `automatic` also loads what is new, and puts it in place at the next quit. */
  updates: z.enum(['automatic', 'tell', 'off']).default('tell'),
  /** Where the key of stored secrets is kept; `file` also takes it back out of the keychain, at the next start. */
  secretKey: z.enum(['keychain', 'file']).default('keychain'),
};

export const DesktopPatch = z
  .object({
    startAtLogin: z.boolean(),
    deepLinks: z.boolean(),
    commandBarShortcut: z.string(),
    updates: z.enum(['automatic', 'tell', 'off']),
    secretKey: z.enum(['keychain', 'file']),
  })
  .partial();

const EditorCommand = z.string().max(1000);

/** What the person's files are opened with. */
export const editorSettings = {
  /** With `{file}` and `{line}`, for example `code -g {file}:{line}`; empty: what is found. */
  command: EditorCommand.default(''),
};

export const EditorPatch = z.object({ command: EditorCommand }).partial();
