import type { SensorImports } from '../contract/sensors.ts';

/** Every Python file of a pack by its path in it, with a text that changes when the file does. */
export type CodeFiles = ReadonlyMap<string, string>;

/**
 * Whether a sensor runs other code than it would after a restart. It does when a file changed that it has imported, when
 * one came that it has looked for in vain, and when one came that may now be found in place of one that it has. What is
 * not imported yet is read when it is. Before a process has told its imports, any file may be among them.
 */
export function runsOldCode(
  entry: string,
  imports: SensorImports | undefined,
  startedOn: CodeFiles,
  now: CodeFiles,
): boolean {
  const changed = [...new Set([...startedOn.keys(), ...now.keys()])].filter(
    (file) => startedOn.get(file) !== now.get(file),
  );
  if (changed.length === 0 || !imports) return changed.length > 0;
  const files = new Set([entry, ...imports.files]);
  const missing = new Set(imports.missing);
  const loaded = new Set([...files].flatMap((file) => namesOf(file, imports.folders)));
  return changed.some((file) => {
    if (files.has(file)) return true;
    const isNew = !startedOn.has(file);
    return namesOf(file, imports.folders).some((name) => missing.has(name) || (isNew && loaded.has(name)));
  });
}

/** What an import statement would call a file, or the package above it, seen from each of the folders that modules come from. */
function namesOf(file: string, folders: readonly string[]): string[] {
  return folders
    .filter((folder) => folder === '' || file.startsWith(`${folder}/`))
    .map((folder) => (folder === '' ? file : file.slice(folder.length + 1)).split('/')[0] ?? '')
    .map((name) => name.replace(/\.py$/, ''));
}
