import path from 'node:path';
import { loadPack, PackCaches } from '../../main/packs/metadata/load-pack.ts';
import { installerEnvironment } from '../../main/packs/virtualenvs/installer-environment.ts';
import { readRecord } from '../../main/packs/virtualenvs/virtualenv-versions.ts';
import { cleanEnvironment } from '../../main/supervisor/child-environment.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { type PackStage, PYTHON_ACTION, packStage, packYaml, writeFiles } from '../packs/pack-stage.ts';
import { findTestPython } from '../support/python.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Spread, spread } from './statistics.ts';

const REQUIREMENTS = ['requests>=2.31,<3', 'PyYAML>=6,<7', 'python-dateutil>=2.8,<3'];
const signal = new AbortController().signal;

export type InstallTimes = { readonly uv: Spread; readonly pip: Spread };

/**
 * What installing a pack with three packages takes: its virtualenv from nothing to live, by uv and by venv and pip in turn.
 * Both find all wheels in a folder and ask no network; uv's cache is warm, as it is from the second pack on.
 */
export async function measurePackInstall(rounds: number): Promise<InstallTimes> {
  await using wheels = await tempFolder();
  await download(wheels.path);
  const environment = { ...cleanEnvironment(process.env), PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels.path };
  await using withUv = await packStage({ uv: 'auto', environment });
  await using withPip = await packStage({ uv: 'never', environment });
  const times: { uv: number[]; pip: number[] } = { uv: [], pip: [] };
  await build(withUv, 'uv');
  await build(withPip, 'pip');
  for (let round = 0; round < rounds; round++) {
    times.uv.push(await build(withUv, 'uv'));
    times.pip.push(await build(withPip, 'pip'));
  }
  return { uv: spread(times.uv), pip: spread(times.pip) };
}

async function download(folder: string): Promise<void> {
  const args = ['-m', 'pip', 'download', '--quiet', '--dest', folder, ...REQUIREMENTS];
  const env = installerEnvironment(cleanEnvironment(process.env), process.platform);
  const end = await runProgram({ command: await findTestPython(), args, env, cwd: folder }, signal);
  if (end.exitCode !== 0) throw new Error(`the wheels could not be fetched: ${end.stderr}`);
}

/** Milliseconds. The one that is measured must be the one that was used. */
async function build(stage: PackStage, by: 'uv' | 'pip'): Promise<number> {
  const source = await writeFiles(stage.installed('bench'), {
    'pack.yaml': packYaml('bench'),
    'actions/run.yaml': PYTHON_ACTION,
    'actions/run.py': '',
    'requirements.txt': REQUIREMENTS.map((line) => `${line}\n`).join(''),
  });
  const pack = await loadPack(source, 'installed', path.join(stage.home, 'configs'), new PackCaches());
  const started = performance.now();
  await stage.virtualenvs.setUp(pack, '', { onStep: () => {}, onOutput: () => {} }, signal);
  const took = performance.now() - started;
  const folder = path.dirname(path.dirname(stage.virtualenvs.python('bench') ?? ''));
  const { installer } = readRecord(folder) ?? {};
  if (installer !== by) throw new Error(`built by ${installer} in place of ${by}`);
  return took;
}
