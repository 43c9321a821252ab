import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomic } from '../../main/kit/atomic-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a file is replaced as a whole, keeps its permissions and leaves nothing beside it', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'rule.yaml');
  await writeFile(file, 'old');
  await chmod(file, 0o600);
  await writeFileAtomic(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder.path)).toEqual(['rule.yaml']);
});

test('a write that fails leaves nothing beside the target', async () => {
  await using folder = await tempFolder();
  // A folder of that name cannot be replaced by a file.
  await writeFileAtomic(path.join(folder.path, 'taken', 'inside'), 'x');
  await expect(writeFileAtomic(path.join(folder.path, 'taken'), 'new')).rejects.toThrow();
  expect(await readdir(folder.path)).toEqual(['taken']);
});
