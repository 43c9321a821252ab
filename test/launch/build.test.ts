import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isBuilt, sourceStamp, writeStamp } from '../../main/launch/build.mjs';
import { tempFolder } from '../support/temp-folder.ts';

test('a build is current until a source that it reads changes, comes or goes', async () => {
  await using folder = await tempFolder();
  const root = folder.path;
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  const build = () => writeStamp(root, sourceStamp(root));
  await write('main/engine.ts', 'one');
  await write('renderer/index.tsx', 'one');
  expect(isBuilt(root)).toBe(false);
  build();
  expect(isBuilt(root)).toBe(true);

  await utimes(path.join(root, 'main/engine.ts'), new Date(), new Date());
  await write('main/python/sensor_wrapper.py', 'read as it is');
  await write('main/launch/start.mjs', 'runs before anything is built');
  expect(isBuilt(root)).toBe(true);

  await write('renderer/index.tsx', 'two');
  expect(isBuilt(root)).toBe(false);
  build();
  await write('main/rules/new.ts', 'new');
  expect(isBuilt(root)).toBe(false);
  build();
  await rm(path.join(root, 'main/rules/new.ts'));
  expect(isBuilt(root)).toBe(false);
});
