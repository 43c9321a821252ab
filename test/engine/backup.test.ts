import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create } from 'tar';
import { expect, test } from 'vitest';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import { writeFiles } from '../packs/pack-stage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FIXTURE_PACKS, startTestEngine } from '../support/test-engine.ts';
import { tinyWheel } from '../support/tiny-package.ts';
import { until } from '../support/until.ts';

const RULE = 'name: mine # kept\ntrigger:\n  type: storm.event\naction:\n  ref: core.noop\n';

test('everything comes back from one file on an empty machine: packs, rules, history, keys with their secrets', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'all.tar.gz');
  {
    await using engine = await startTestEngine();
    await engine.install(path.join(FIXTURE_PACKS, 'storm'));
    await engine.client.rules.add({ yaml: RULE });
    await engine.client.keys.set({ name: 'token', value: 's3cret', secret: true });
    await engine.run('core.noop');
    // As if it lay in a keychain, which stays on its machine.
    await rm(path.join(engine.home, 'data', 'secret.key'));
    const made = await engine.client.backup.create({ file });
    expect(made).toMatchObject({ file, packs: expect.arrayContaining(['storm']) });
    expect(existsSync(path.join(engine.home, 'data', 'virtualenvs'))).toBe(true);
  }
  const home = path.join(folder.path, 'home');
  {
    await using empty = await startTestEngine({ home });
    expect(await empty.client.backup.restore({ file })).toMatchObject({ packs: expect.arrayContaining(['storm']) });
    expect((await empty.client.backup.state()).pending).toMatchObject({ packs: expect.arrayContaining(['storm']) });
  }
  await using restored = await startTestEngine({ home });
  const { client } = restored;
  expect((await client.packs.get({ ref: 'storm' as PackRef })).ref).toBe('storm');
  expect((await client.rules.get({ ref: 'default.mine' as ResourceRef })).yaml).toContain('# kept');
  expect((await client.executions.page({ action: 'core.noop' as ResourceRef })).items).toHaveLength(1);
  expect(await client.keys.get({ name: 'token' })).toMatchObject({ secret: true, value: '********' });
  const yaml = RULE.replace(
    'core.noop',
    'core.echo\n  parameters:\n    message: "{{ st2kv.system.token | decrypt_kv }}"',
  );
  const { results } = await client.rules.test({ yaml, payload: { kind: 'file', path: '/x' } });
  expect(results[0]?.parameters).toMatchObject({ message: 's3cret' });
  expect((await client.backup.state()).pending).toBeUndefined();
});

test('a pack of a backup gets a new virtualenv with what it requires, and its actions run in it', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'all.tar.gz');
  const pack = await packThatRequires(folder.path, 'tiny_kept');
  {
    await using engine = await startTestEngine();
    await engine.install(pack);
    await engine.client.backup.create({ file });
  }
  const home = path.join(folder.path, 'home');
  {
    await using empty = await startTestEngine({ home });
    await empty.client.backup.restore({ file });
  }
  await using restored = await startTestEngine({ home });
  await until('its virtualenv is built', async () => {
    const { state, virtualenv } = await restored.client.packs.get({ ref: 'requires' as PackRef });
    expect(virtualenv.state).not.toBe('failed');
    return state === 'ready' && virtualenv.state === 'ready';
  });
  expect(await restored.run('requires.where')).toMatchObject({
    status: 'succeeded',
    result: { result: { version: '1.0', file: expect.stringContaining(path.join(home, 'data', 'virtualenvs')) } },
  });
});

test('what was under way when a backup was made does not run again where it is restored', async () => {
  await using folder = await tempFolder();
  const file = path.join(folder.path, 'all.tar.gz');
  const home = path.join(folder.path, 'home');
  {
    await using engine = await startTestEngine({ home });
    const waiting = { action: 'core.local' as ResourceRef, parameters: { cmd: 'sleep 30' } };
    const { id } = await engine.client.executions.run(waiting);
    await until('it runs', async () => (await engine.client.executions.get({ id })).status === 'running');
    await engine.client.backup.create({ file });
    await engine.client.executions.cancel({ id });
    await engine.ended(id);
    await engine.client.backup.restore({ file });
  }
  await using restored = await startTestEngine({ home });
  const { items } = await restored.client.executions.page({ action: 'core.local' as ResourceRef });
  expect(items.map(({ status }) => status)).toEqual(['abandoned']);
});

test('a file that is no backup, or holds a link, changes nothing', async () => {
  await using folder = await tempFolder();
  await using engine = await startTestEngine();
  const text = path.join(folder.path, 'text.tar.gz');
  await writeFile(text, 'no archive');
  await expect(engine.client.backup.restore({ file: text })).rejects.toMatchObject({ code: 'backup/unreadable' });
  const stage = path.join(folder.path, 'stage');
  await mkdir(path.join(stage, 'config'), { recursive: true });
  const manifest = { format: 1, version: '1', createdAt: '2026-01-01T00:00:00.000Z', packs: [] };
  await writeFile(path.join(stage, 'stormlet-backup.json'), JSON.stringify(manifest));
  await symlink('/etc', path.join(stage, 'config', 'rules'));
  const evil = path.join(folder.path, 'evil.tar.gz');
  await create({ gzip: true, file: evil, cwd: stage }, ['stormlet-backup.json', 'config']);
  await expect(engine.client.backup.restore({ file: evil })).rejects.toMatchObject({ code: 'backup/unreadable' });
  expect((await engine.client.backup.state()).pending).toBeUndefined();
  await expect(engine.client.backup.create({ file: 'relative.tar.gz' })).rejects.toMatchObject({
    code: 'backup/path-relative',
  });
  expect(await readFile(text, 'utf8')).toBe('no archive');
});

/** A pack whose one requirement is a wheel in a folder of this machine. */
async function packThatRequires(folder: string, name: string): Promise<string> {
  const wheel = await tinyWheel(folder, name);
  const wheels = path.join(folder, 'wheels');
  await mkdir(wheels);
  await writeFile(path.join(wheels, wheel.file), wheel.content);
  return writeFiles(path.join(folder, 'requires'), {
    'pack.yaml': 'name: requires\nversion: 1.0.0\nauthor: The Stormlet authors\n',
    'requirements.txt': `--no-index\n--find-links ${wheels}\n${name}==1.0\n`,
    'actions/where.yaml': 'name: where\nrunner_type: python-script\nentry_point: where.py\n',
    'actions/where.py': `import ${name}
from st2common.runners.base_action import Action


class Where(Action):
    def run(self):
        return {"version": ${name}.__version__, "file": ${name}.__file__}
`,
  });
}
