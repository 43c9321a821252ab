import { z } from 'zod';

/** The app's own files, as a person opens them in an editor. */

/** What a name stands for, and where that is written. Two things of different kinds may have one name. */
export const AppFile = z.object({
  kind: z.enum(['pack', 'action', 'sensor', 'trigger', 'rule', 'policy', 'alias']),
  /** `code`: the entry point. `settings`: what the person gave a pack in `configs/`. */
  part: z.enum(['folder', 'metadata', 'code', 'settings']),
  file: z.string(),
});
export type AppFile = z.infer<typeof AppFile>;

export const OpenFileRequest = z.object({
  /** Absolute; also a folder. */
  file: z.string().min(1).max(4096),
  /** From 1. */
  line: z.number().int().min(1).optional(),
});
export type OpenFileRequest = z.infer<typeof OpenFileRequest>;

/** An editor by its name, and how it is called: `{file}` and `{line}` stand for what it opens. */
export const Editor = z.object({ name: z.string(), command: z.string() });
export type Editor = z.infer<typeof Editor>;

/** `inUse` is the one of the settings, else the first found, else what the system opens text with; absent: nothing can. */
export const Editors = z.object({ found: z.array(Editor), inUse: Editor.optional() });
export type Editors = z.infer<typeof Editors>;
