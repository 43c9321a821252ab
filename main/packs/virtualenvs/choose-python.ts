import { StormletError } from '../../contract/errors.ts';
import { type FindPythonDeps, findPython, minorOf, type Python } from './find-python.ts';
import type { OnOutput } from './installers.ts';

/** What speaks for one interpreter or another, the strongest first. Empty where it says nothing. */
export type PythonWishes = {
  /** Asked for in this very call; used or refused. */
  readonly asked: string;
  /** Asked for in an earlier one, and held to while it is there. */
  readonly remembered: string;
  /** `python_versions` of pack.yaml: `3` fits any, `3.9` that one. */
  readonly packVersions: readonly string[];
  /** The settings' interpreter for all packs that want no other. */
  readonly usual: string;
};

/** A word in place of an interpreter: forgets what was asked for earlier. */
export const AUTOMATIC = 'auto';

/** The interpreter for one virtualenv. Whatever had to be passed over is said in its output. */
export async function choosePython(
  deps: FindPythonDeps,
  wishes: PythonWishes,
  onOutput: OnOutput,
  signal: AbortSignal,
): Promise<Python> {
  const say = (text: string) => onOutput('stdout', `${text}\n`);
  if (wishes.asked !== '' && wishes.asked !== AUTOMATIC) return findPython(deps, wishes.asked, signal);
  const remembered = wishes.asked === AUTOMATIC ? '' : wishes.remembered;
  if (remembered !== '') {
    const python = await whereUsable(findPython(deps, remembered, signal));
    if (python) return python;
  }
  const python = await fittingPython(deps, wishes, signal);
  if (remembered !== '') say(`${remembered} is no longer there: Python ${python.version} is taken in its place`);
  const wanted = minorsOf(wishes.packVersions);
  if (wanted.length > 0 && !wanted.includes(minorOf(python.version))) {
    say(`The pack names Python ${wishes.packVersions.join(', ')}; none was found, ${python.version} is taken`);
  }
  return python;
}

/** The pack's word goes before the settings' one: what the settings name is meant for packs that do not care. */
async function fittingPython(deps: FindPythonDeps, wishes: PythonWishes, signal: AbortSignal): Promise<Python> {
  const wanted = minorsOf(wishes.packVersions);
  const usual = wishes.usual === '' ? undefined : await findPython(deps, wishes.usual, signal);
  if (usual && (wanted.length === 0 || wanted.includes(minorOf(usual.version)))) return usual;
  const found = await findPython(deps, '', signal, wanted);
  return usual && !wanted.includes(minorOf(found.version)) ? usual : found;
}

/** Minor versions that a pack names; none where it takes any Python 3. */
export function minorsOf(packVersions: readonly string[]): number[] {
  const threes = packVersions.filter((version) => version.startsWith('3'));
  const minors = threes.map(minorOf);
  return minors.some(Number.isNaN) ? [] : minors;
}

async function whereUsable(finding: Promise<Python>): Promise<Python | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof StormletError && error.code === 'python/interpreter-unusable') return undefined;
    throw error;
  }
}
