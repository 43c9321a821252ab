import path from 'node:path';
import Conf from 'conf';
import type { Host } from '../host.ts';
import type { AppFiles } from '../host-folders.ts';
import type { Log } from '../kit/log.ts';
import { createSettingsStore, invalidSettings, type JsonFile } from '../settings-store.ts';

export type HeadlessHostDeps = {
  readonly app: AppFiles;
  readonly folders: { readonly config: string; readonly data: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
};

/** The engine's host without a desktop: there is no one to show a notice to, so the log has it. */
export function createHeadlessHost({ app, folders, environment, log }: HeadlessHostDeps): Host {
  return {
    kind: 'headless',
    version: app.version,
    folders: { ...folders, builtInPacks: app.builtInPacks, python: app.python, node: app.node },
    environment: definedOnly(environment),
    node: { command: process.execPath },
    settings: createSettingsStore(openSettings(folders.config), log),
    log,
    notify: (notice) => log.info('notice', { level: notice.level, title: notice.title, execution: notice.execution }),
  };
}

function openSettings(folder: string): JsonFile {
  try {
    return new Conf({ cwd: folder, configName: 'settings', watch: true });
  } catch (error) {
    throw invalidSettings(path.join(folder, 'settings.json'), error instanceof Error ? error.message : String(error));
  }
}

function definedOnly(environment: HeadlessHostDeps['environment']): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
