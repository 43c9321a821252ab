import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { syncTree } from '../../../main/packs/install/sync-tree.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('each file and folder of a tree is flushed, and neither links nor what is git’s own', async () => {
  await using folder = await tempFolder();
  const tree = path.join(folder.path, 'version', 'hello');
  for (const name of ['actions/lib', 'sensors', '.git/objects', 'lib/.git']) {
    await mkdir(path.join(tree, name), { recursive: true });
  }
  for (const name of ['pack.yaml', 'actions/a.py', 'actions/lib/b.py', '.git/objects/c', '.gitignore']) {
    await writeFile(path.join(tree, name), 'x');
  }
  await symlink('/nowhere', path.join(tree, 'broken-link'));
  // With `hello`, `version`, and the folder that holds that.
  expect(await syncTree(path.dirname(tree))).toEqual({ files: 4, folders: 4 + 3 });
});

test('a tree that cannot be flushed is an error', async () => {
  await using folder = await tempFolder();
  await expect(syncTree(path.join(folder.path, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
