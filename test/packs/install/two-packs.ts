import { existsSync, readlinkSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../../main/contract/json.ts';
import { silentLog } from '../../../main/kit/log.ts';
import { recoverInstalls } from '../../../main/packs/install/recover.ts';
import { strayVersions } from '../../../main/packs/versions.ts';
import { type PackStage, PYTHON_ACTION, packStage, packYaml, type StageOptions, writeFiles } from '../pack-stage.ts';

/** One change of two packs, as the tests cut it off at each of its steps. */
export type Scenario = {
  readonly operation: string;
  readonly parameters: (home: string) => JsonObject;
  /** What was done before it. */
  readonly first: readonly { readonly operation: string; readonly parameters: (home: string) => JsonObject }[];
};

const BOTH = { packs: ['snake', 'plain'] };
const from = (version: string) => (home: string) => ({
  packs: ['snake', 'plain'].map((name) => path.join(home, 'sources', version, name)),
});
const INSTALL_1 = {
  operation: 'install',
  parameters: (home: string) => ({ packs: [path.join(home, 'sources/1/snake')] }),
};
const INSTALL_2 = { operation: 'install', parameters: from('2') };

/** `snake` has a virtualenv that each version changes; `plain` was put there by hand and has none. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  update: { ...INSTALL_2, first: [INSTALL_1] },
  rollback: { operation: 'rollback', parameters: () => BOTH, first: [INSTALL_1, INSTALL_2] },
  uninstall: { operation: 'uninstall', parameters: () => BOTH, first: [INSTALL_1, INSTALL_2] },
};

/** Takes a home up as the app does when it starts. */
export async function openStage(home: string, options: StageOptions = {}): Promise<PackStage> {
  const stage = await packStage({ ...options, home });
  await recoverInstalls(
    { packs: stage.folders.installed, virtualenvs: path.join(home, 'data/virtualenvs') },
    silentLog,
  );
  await stage.virtualenvs.start();
  await stage.registry.start();
  return stage;
}

export async function operate(stage: PackStage, operation: string, parameters: JsonObject): Promise<void> {
  const run = stage.operations[`packs.${operation}`];
  if (!run) throw new Error(`no operation ${operation}`);
  await run(parameters, { onStep: () => {}, onOutput: () => {} }, new AbortController().signal);
}

/** A home in which everything has happened that comes before the scenario. */
export async function prepareHome(home: string, { first }: Scenario): Promise<void> {
  for (const version of ['1', '2']) {
    const sources = path.join(home, 'sources', version);
    await writeFiles(path.join(sources, 'snake'), {
      'pack.yaml': packYaml('snake', `${version}.0.0`),
      'actions/run.yaml': PYTHON_ACTION,
      'actions/run.py': `# version ${version}\n`,
      'requirements.txt': `humanize==4.${8 + Number(version)}.0\n`,
    });
    await writeFiles(path.join(sources, 'plain'), {
      'pack.yaml': packYaml('plain', `${version}.0.0`),
      [`only_in_${version}.txt`]: version,
    });
  }
  await cp(path.join(home, 'sources/1/plain'), path.join(home, 'data/packs/plain'), { recursive: true });
  await using stage = await openStage(home);
  for (const { operation, parameters } of first) await operate(stage, operation, parameters(home));
}

/** All that can be told apart of two states of a home: what is live and what a rollback would bring. */
export async function stateOf(stage: PackStage) {
  const state: Record<string, unknown> = {};
  for (const ref of ['plain', 'snake']) {
    const pack = stage.registry.get(ref);
    const python = stage.virtualenvs.python(ref);
    state[ref] = pack && {
      version: pack.manifest?.version,
      status: stage.registry.summary(pack).state,
      files: (await readdir(pack.path, { recursive: true })).sort(),
      library: python && (await libraryOf(path.dirname(path.dirname(python)))),
      previous: (await stage.registry.detail(pack)).previous?.version,
      previousLibrary: await previousLibrary(stage, ref),
    };
  }
  return state;
}

/** What is there and belongs to nothing. */
export async function debrisIn(home: string): Promise<string[]> {
  const packs = path.join(home, 'data/packs');
  const virtualenvs = path.join(home, 'data/virtualenvs');
  const used = await linkedIn(virtualenvs);
  const versions = await names(path.join(virtualenvs, '.versions'));
  return [
    ...(await strayVersions(packs)),
    ...versions.filter((name) => !used.includes(name)),
    ...(await names(packs)).filter((name) => !['.versions', '.previous', 'plain', 'snake'].includes(name)),
    ...(await names(path.join(packs, '.previous'))).filter((name) => name.startsWith('.')),
    ...(await names(virtualenvs)).filter((name) => !['.versions', '.previous', 'snake'].includes(name)),
    ...(await names(path.join(virtualenvs, '.previous'))).filter((name) => name !== 'snake'),
  ];
}

async function linkedIn(virtualenvs: string): Promise<string[]> {
  const links = [path.join(virtualenvs, 'snake'), path.join(virtualenvs, '.previous/snake')];
  return links.filter((link) => existsSync(link)).map((link) => path.basename(readlinkSync(link)));
}

async function previousLibrary(stage: PackStage, ref: string): Promise<string | undefined> {
  const link = path.join(stage.home, 'data/virtualenvs/.previous', ref);
  return existsSync(link) ? libraryOf(link) : undefined;
}

async function libraryOf(virtualenv: string): Promise<string | undefined> {
  const [python = ''] = await names(path.join(virtualenv, 'lib'));
  const packages = await names(path.join(virtualenv, 'lib', python, 'site-packages'));
  const record = await readFile(path.join(virtualenv, 'stormlet.json'), 'utf8').catch(() => undefined);
  return record && packages.find((name) => /^humanize-.*\.dist-info$/.test(name));
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
