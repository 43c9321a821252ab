import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Settings } from './contract/settings.ts';

export type SettingsFile = {
  readonly file: string;
  /** Absent when the file cannot be used; `problem` says why. */
  readonly value?: Settings;
  readonly problem?: string;
};

/** The settings as they lie on disk, for what works without a running app and changes none of them. */
export async function readSettingsFile(configFolder: string): Promise<SettingsFile> {
  const file = path.join(configFolder, 'settings.json');
  try {
    const parsed = Settings.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')));
    if (parsed.success) return { file, value: parsed.data };
    const problem = parsed.error.issues.map(({ path: at, message }) => `\`${at.join('.')}\`: ${message}`).join('; ');
    return { file, problem };
  } catch (error) {
    return { file, problem: error instanceof Error ? error.message : String(error) };
  }
}
