import { StormletError } from '../../contract/errors.ts';
import { isInRange } from '../../kit/semantic-version.ts';
import type { PackManifest } from './load-manifest.ts';
import { STACKSTORM_VERSION } from './stackstorm-version.ts';

/**
 * Why a pack cannot be expected to work here, by its own word; undefined where it can. A range that cannot be read is no
 * reason: it is among the manifest's problems.
 */
export function incompatibility(manifest: PackManifest): StormletError | undefined {
  if (needsPython2(manifest)) {
    return fault(
      'pack/python-2',
      `\`${manifest.name}\` says that it runs on Python 2 only (\`python_versions\` in its pack.yaml)`,
      'look for a newer version of the pack, or install with `force` to try it on Python 3',
    );
  }
  if (isInRange(STACKSTORM_VERSION, manifest.stackstormVersion || 'all') !== false) return undefined;
  const message = `\`${manifest.name}\` asks for StackStorm \`${manifest.stackstormVersion}\``;
  return fault(
    'pack/stackstorm-version',
    `${message} (\`stackstorm_version\` in its pack.yaml), and this app does as StackStorm ${STACKSTORM_VERSION} does`,
    'look for another version of the pack, or install with `force` to try it all the same',
  );
}

/** True for a pack that says that it needs Python 2 and nothing newer. */
export function needsPython2({ pythonVersions }: PackManifest): boolean {
  return pythonVersions.length > 0 && pythonVersions.every((version) => version.startsWith('2'));
}

function fault(code: string, message: string, hint: string): StormletError {
  return new StormletError({ code, kind: 'pack', message, hint });
}
