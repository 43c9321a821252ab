import { existsSync } from 'node:fs';
import path from 'node:path';

/** The first file of that name in the folders of PATH; on Windows also with the endings that a shell would try. */
export function findOnPath(
  name: string,
  environment: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): string | undefined {
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const pathName = Object.keys(environment).find((key) => /^path$/i.test(key)) ?? 'PATH';
  const folders = (environment[pathName] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find((file) => existsSync(file));
}
