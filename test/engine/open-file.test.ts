import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownEnvironment, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

const isWindows = process.platform === 'win32';

/** A program that writes its arguments into a file, one a line, where an editor would open what they say. */
async function editorIn(home: string, name = 'code'): Promise<{ folder: string; opened(): Promise<string[]> }> {
  const folder = path.join(home, 'editors');
  const told = path.join(home, `${name}.txt`);
  await mkdir(folder, { recursive: true });
  const program = path.join(folder, name);
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$@" > "$0.part" && mv "$0.part" '${told}'\n`);
  await chmod(program, 0o755);
  const read = () => readFile(told, 'utf8').catch(() => undefined);
  const opened = async () => (await until('the editor was called', read)).trimEnd().split('\n');
  return { folder, opened };
}

async function userRule(app: TestEngine): Promise<string> {
  const { file } = await app.client.rules.add({
    yaml: 'name: mine\nenabled: false\ntrigger: {type: core.st2.generic.actiontrigger}\naction: {ref: core.noop}\n',
  });
  return file;
}

test.skipIf(isWindows)('a file is opened at its line, by the command of the settings and without a shell', async () => {
  await using app = await startTestEngine();
  const editor = await editorIn(app.home);
  const program = path.join(editor.folder, 'code');
  await app.client.settings.update({ editor: { command: `"${program}" --goto '{file}:{line}' "$(id) & x"` } });
  const file = await userRule(app);
  const strange = path.join(path.dirname(file), '; touch "$HOME" .yaml');
  await writeFile(strange, 'name: x\n');
  await app.client.files.open({ file: strange, line: 7 });
  expect(await editor.opened()).toEqual(['--goto', `${strange}:7`, '$(id) & x']);
});

test.skipIf(isWindows)('without a setting, an editor that is found on PATH opens it', async () => {
  const environment = { ...ownEnvironment(), DISPLAY: ':7' };
  await using home = await startTestEngine();
  const editor = await editorIn(home.home);
  await using app = await startTestEngine({ environment: { ...environment, PATH: `${editor.folder}:/usr/bin:/bin` } });
  const { found, inUse } = await app.client.files.editors();
  expect(inUse).toEqual({ name: 'Visual Studio Code', command: 'code -g {file}:{line}' });
  expect(found[0]).toEqual(inUse);
  const file = await userRule(app);
  await app.client.files.open({ file });
  expect(await editor.opened()).toEqual([file]);
});

test.skipIf(isWindows)('where there is neither an editor nor a desktop, it says what to set', async () => {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...environment } = ownEnvironment();
  await using app = await startTestEngine({ environment });
  const file = await userRule(app);
  const refusal = app.client.files.open({ file });
  if (process.platform === 'linux')
    await expect(refusal).rejects.toMatchObject({
      code: 'editor/not-found',
      hint: expect.stringContaining('editor.command'),
    });
  await app.client.settings.update({ editor: { command: '/nowhere/edit {file}' } });
  await expect(app.client.files.open({ file })).rejects.toMatchObject({ code: 'editor/not-started' });
  await app.client.settings.update({ editor: { command: 'false {file}' } });
  await expect(app.client.files.open({ file })).rejects.toMatchObject({ code: 'editor/failed' });
});

test.skipIf(isWindows)('nothing but the app’s own files is opened, however it is named', async () => {
  await using app = await startTestEngine({ settings: { editor: { command: 'false' } } });
  const rules = path.dirname(await userRule(app));
  const secret = path.join(app.home, 'secret.txt');
  await writeFile(secret, 'secret');
  await symlink(secret, path.join(rules, 'link.yaml'));
  await symlink(app.home, path.join(rules, 'folder'));
  const outside = [
    secret,
    `${rules}/../../secret.txt`,
    path.join(rules, 'link.yaml'),
    path.join(rules, 'folder', 'secret.txt'),
    path.join(app.home, 'data', 'secret.key'),
    path.join(app.home, 'data', 'stormlet.db'),
    path.join(app.home, 'nothing.txt'),
    `${rules}-other/x.yaml`,
    'pack.yaml',
    '/dev/null',
  ];
  for (const file of outside) {
    await expect(app.client.files.open({ file }), file).rejects.toMatchObject({ code: 'files/outside' });
  }
  const gone = path.join(rules, 'gone.yaml');
  await expect(app.client.files.open({ file: gone })).rejects.toMatchObject({ code: 'files/missing' });
});

test('the files of a pack, an action and a rule are told by their names', async () => {
  await using app = await startTestEngine();
  await app.install('examples');
  const files = (of: string) => app.client.files.of({ ref: of });
  const pack = path.join(app.home, 'data', 'packs', 'examples');
  expect(await files('examples')).toEqual(
    expect.arrayContaining([
      { kind: 'pack', part: 'folder', file: pack },
      { kind: 'pack', part: 'metadata', file: path.join(pack, 'pack.yaml') },
    ]),
  );
  const action = await files('examples.drop_file');
  expect(action.map(({ kind, part }) => `${kind} ${part}`)).toEqual(['action metadata', 'action code']);
  const rule = await userRule(app);
  expect(await files('default.mine')).toEqual([{ kind: 'rule', part: 'metadata', file: rule }]);
  await expect(files('examples.nothing')).rejects.toMatchObject({ code: 'files/unknown' });
});
