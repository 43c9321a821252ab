import { StormletError } from './contract/errors.ts';
import { Settings, type SettingsPatch } from './contract/settings.ts';
import type { SettingsStore } from './host.ts';
import { Listeners } from './kit/listeners.ts';
import type { Log } from './kit/log.ts';

/** What `conf` and `electron-store` have in common: one JSON file, written as a whole, watched for edits from outside. */
export interface JsonFile {
  readonly path: string;
  store: Record<string, unknown>;
  onDidAnyChange(listener: () => void): () => void;
}

/**
 * The settings over a host's JSON file. Throws `settings/invalid` when the file does not hold settings as the app starts;
 * an edit that breaks it while the app runs is reported, and the last good settings stay.
 */
export function createSettingsStore(file: JsonFile, log: Log): SettingsStore {
  const listeners = new Listeners<Settings>((error) => log.error('settings listener failed', { error }));
  let current = readSettings(file);
  const become = (next: Settings) => {
    const changed = JSON.stringify(next) !== JSON.stringify(current);
    current = next;
    if (changed) listeners.emit(next);
  };
  file.onDidAnyChange(() => {
    try {
      become(readSettings(file));
    } catch (error) {
      log.warn('the edited settings are not used', { error });
    }
  });
  return {
    get: () => current,
    update(patch) {
      const next = parseSettings(mergeSettings(current, patch), file.path);
      file.store = next;
      become(next);
      return next;
    },
    onChange: (listener) => listeners.add(listener),
  };
}

/** A group of settings takes the given fields and keeps the others; lists and switches are replaced as a whole. */
export function mergeSettings(current: Settings, patch: SettingsPatch | Partial<Settings>): unknown {
  return {
    ...current,
    ...patch,
    notifications: { ...current.notifications, ...patch.notifications },
    tray: { ...current.tray, ...patch.tray },
    desktop: { ...current.desktop, ...patch.desktop },
    history: { ...current.history, ...patch.history },
    executions: { ...current.executions, ...patch.executions },
    python: { ...current.python, ...patch.python },
    javascript: { ...current.javascript, ...patch.javascript },
    triggers: { ...current.triggers, ...patch.triggers },
    timers: { ...current.timers, ...patch.timers },
    webhooks: { ...current.webhooks, ...patch.webhooks },
    api: { ...current.api, ...patch.api },
    packs: { ...current.packs, ...patch.packs },
  };
}

function readSettings(file: JsonFile): Settings {
  try {
    return parseSettings(file.store, file.path);
  } catch (error) {
    if (error instanceof StormletError) throw error;
    throw invalidSettings(file.path, error instanceof Error ? error.message : String(error));
  }
}

function parseSettings(value: unknown, path: string): Settings {
  const parsed = Settings.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidSettings(
    path,
    parsed.error.issues.map((issue) => `\`${issue.path.join('.')}\`: ${issue.message}`).join('; '),
  );
}

/** Also for what a host's own library throws of a file that is no JSON. */
export function invalidSettings(path: string, why: string): StormletError {
  return new StormletError({
    code: 'settings/invalid',
    kind: 'user',
    message: `${path}: ${why}`,
    hint: 'correct the file, or remove it to start with the defaults',
  });
}
