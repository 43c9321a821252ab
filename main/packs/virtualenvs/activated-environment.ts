import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { minorOf } from './find-python.ts';
import { sitePackagesIn } from './site-packages.ts';

/** The virtualenv or conda environment that was active in the terminal from which the app was started. */
export type ActivatedEnvironment = {
  readonly kind: 'virtualenv' | 'conda';
  readonly folder: string;
  readonly python: string;
  /** `11` for Python 3.11; undefined where it does not say. */
  readonly minor: number | undefined;
  readonly sitePackages: string | undefined;
};

/** `environment` is the app's own, before it is cleaned for children. A virtualenv made from conda's Python lies over it. */
export function activatedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): ActivatedEnvironment | undefined {
  const { VIRTUAL_ENV, CONDA_PREFIX } = environment;
  const folder = VIRTUAL_ENV || CONDA_PREFIX;
  if (!folder) return undefined;
  const kind = VIRTUAL_ENV ? 'virtualenv' : 'conda';
  const bin = platform === 'win32' ? (kind === 'conda' ? '' : 'Scripts') : 'bin';
  return {
    kind,
    folder,
    python: path.join(folder, bin, platform === 'win32' ? 'python.exe' : 'python'),
    minor: kind === 'conda' ? condaMinor(folder) : virtualenvMinor(folder),
    sitePackages: sitePackagesIn(folder, platform),
  };
}

/** venv writes `version`, virtualenv and uv `version_info`. */
function virtualenvMinor(folder: string): number | undefined {
  try {
    const config = readFileSync(path.join(folder, 'pyvenv.cfg'), 'utf8');
    return numberOr(minorOf(/^version(?:_info)?\s*=\s*(\S+)/m.exec(config)?.[1] ?? ''));
  } catch {
    // The variable names a folder that is no virtualenv, or no more.
    return undefined;
  }
}

/** conda keeps a file for each of its packages, named `python-3.11.7-h955ad1f_0.json`. */
function condaMinor(folder: string): number | undefined {
  try {
    const names = readdirSync(path.join(folder, 'conda-meta'));
    const versions = names.map((name) => /^python-(3\.\d+)\S*\.json$/.exec(name)?.[1]);
    return numberOr(minorOf(versions.find((version) => version !== undefined) ?? ''));
  } catch {
    // The variable names a folder that is no conda environment, or no more.
    return undefined;
  }
}

function numberOr(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
