import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Fetched, fetchSource, type SourceDeps } from '../../../main/packs/sources/fetch-source.ts';
import { cleanEnvironment } from '../../../main/supervisor/child-environment.ts';
import { runProgram } from '../../../main/supervisor/run-program.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { packYaml, writeFiles } from '../pack-stage.ts';

const BUILT_IN = path.resolve(import.meta.dirname, '../../../packs');
const run = promisify(execFile);

/** A home with sources in it, and what it takes to fetch them. */
export async function sourceStage(changes: Partial<SourceDeps> = {}) {
  const home = await tempFolder();
  const at = (...inside: string[]) => path.join(home.path, ...inside);
  await writeFiles(home.path, { 'data/packs/.keep': '' });
  const deps: SourceDeps = {
    builtInFolder: BUILT_IN,
    bundled: () => ['examples'],
    home: home.path,
    dataFolder: at('data'),
    git: { runProgram, environment: { ...cleanEnvironment(process.env), ...OWN_GIT }, platform: process.platform },
    downloads: { environment: {}, idleMs: 5000 },
    catalogue: { read: async () => [] },
    ...changes,
  };
  const into = at('data/packs/.staging-1');
  const printed: string[] = [];
  const percents: string[] = [];
  const progress = {
    onOutput: (_stream: string, text: string) => void printed.push(text),
    onPercent: (percent: number, doing: string) => void percents.push(`${doing} ${percent}`),
  };
  return {
    ...{ deps, at, into, percents, progress },
    printed: () => printed.join(''),
    fetch: (asked: string, signal = new AbortController().signal): Promise<Fetched> =>
      fetchSource(deps, asked, into, progress, signal),
    /** What lies in the fetched pack, folders left out. */
    async files(): Promise<string[]> {
      const entries = await readdir(into, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => !entry.isDirectory());
      return files.map((entry) => path.relative(into, path.join(entry.parentPath, entry.name))).sort();
    },
    /** All that is in the folder of packs, which after a failure is nothing but the pack's own half-filled folder. */
    left: async () => (await readdir(at('data/packs'))).filter((name) => name !== '.keep'),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
export type SourceStage = Awaited<ReturnType<typeof sourceStage>>;

/** Whatever the machine's owner has set up for git is not the tests' concern, nor is a proxy. */
const OWN_GIT = {
  no_proxy: '*',
  NO_PROXY: '*',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

/** Runs git as an author of packs would, and gives back what it printed. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: folder, env: { ...process.env, ...OWN_GIT } });
  return stdout.trim();
}

/** A repository with one commit on `main` that holds the pack `name`. */
export async function gitPack(folder: string, name: string, files: Record<string, string> = {}): Promise<string> {
  await writeFiles(folder, { 'pack.yaml': packYaml(name), ...files });
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  await commit(folder, 'first');
  return folder;
}

export async function commit(folder: string, message: string): Promise<string> {
  await git(folder, 'add', '--all', '--force');
  await git(folder, 'commit', '--quiet', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}
