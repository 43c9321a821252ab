import { lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { realPath } from '../../kit/real-path.ts';
import { type FindPythonDeps, minorOf, probePython } from './find-python.ts';
import { pythonIn } from './installers.ts';
import { amendRecord, readRecord, type VirtualenvRecord } from './virtualenv-versions.ts';

/**
 * A virtualenv stands on an interpreter outside of it, which the machine's owner may upgrade or remove at any time. Whether
 * it did is told from that file's stamp, so that nothing is started to find out that all is as it was.
 */
export type BrokenVirtualenv = {
  /** `deleted`: somebody took its interpreter away; the others are what a change of the machine did. */
  readonly kind: 'deleted' | 'gone' | 'replaced';
  readonly why: string;
};

/** What keeps a virtualenv from serving; undefined when nothing does. A few looks at files, nothing is started. */
export function whatBroke(folder: string, platform: NodeJS.Platform): BrokenVirtualenv | undefined {
  const python = pythonIn(folder, platform);
  const record = readRecord(folder);
  if (!isEntry(python)) return { kind: 'deleted', why: 'its interpreter was deleted' };
  if (baseStamp(folder, platform) === undefined) {
    const on = record ? `Python ${record.python} at ${record.base}` : 'the Python that it was made with';
    return { kind: 'gone', why: `${on} is gone from this machine` };
  }
  return record?.unusable === undefined ? undefined : { kind: 'replaced', why: record.unusable };
}

/**
 * Looks whether the interpreter below is still the one that the virtualenv was made with, and keeps the answer in its
 * record. Only a file that changed is started. Another patch of the same minor version is the same to what was installed;
 * another minor version looks for packages in another folder, so nothing of it would be found.
 */
export async function examineBase(deps: FindPythonDeps, folder: string, signal: AbortSignal): Promise<void> {
  const record = readRecord(folder);
  const stamp = baseStamp(folder, deps.platform);
  if (!record || stamp === undefined || stamp === record.baseStamp) return;
  const now = await probePython(deps, pythonIn(folder, deps.platform), signal);
  const unusable = whyUnusable(record, now?.version);
  await amendRecord(folder, {
    baseStamp: stamp,
    unusable,
    ...(now && unusable === undefined && { python: now.version }),
  });
}

function whyUnusable(record: VirtualenvRecord, version: string | undefined): string | undefined {
  if (version === undefined) return `its interpreter ${record.base} can no longer be run`;
  if (minorOf(version) === minorOf(record.python)) return undefined;
  return `it was made with Python ${record.python}, and ${record.base} is Python ${version} now`;
}

/** Changes with the interpreter's file: another one behind the link, or a new one in its place. Undefined: it is gone. */
export function baseStamp(folder: string, platform: NodeJS.Platform): string | undefined {
  try {
    const file = realPath(platform === 'win32' ? homePython(folder) : pythonIn(folder, platform));
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${Math.round(mtimeMs)}`;
  } catch {
    // A link that leads nowhere.
    return undefined;
  }
}

/** On Windows a virtualenv holds a launcher of its own; `pyvenv.cfg` says what it launches. */
function homePython(folder: string): string {
  const config = readFileSync(path.join(folder, 'pyvenv.cfg'), 'utf8');
  return path.join(/^home\s*=\s*(.+)$/m.exec(config)?.[1]?.trim() ?? '', 'python.exe');
}

/** Also a link that leads nowhere is one. */
function isEntry(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
