import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { gitUrlOf, withoutPassword } from '../../../main/packs/sources/git-url.ts';
import { packYaml, writeFiles } from '../pack-stage.ts';
import { sourceStage } from './source-stage.ts';

test('a bundled name, a folder, `~` and a file URL each give the pack’s files and where they came from', async () => {
  for (const [asked, kind, origin] of [
    ['examples', 'bundled', 'examples'],
    ['HOME/hello', 'folder', 'HOME/hello'],
    ['~/hello', 'folder', 'HOME/hello'],
    ['file://HOME/hello', 'folder', 'HOME/hello'],
    ['  HOME/with=sign ', 'folder', 'HOME/with=sign'],
  ] as const) {
    await using stage = await sourceStage();
    await writeFiles(stage.at(), { 'hello/pack.yaml': packYaml('hello'), 'with=sign/pack.yaml': packYaml('sign') });
    const inHome = (text: string) => text.replace('HOME', stage.at());
    expect(await stage.fetch(inHome(asked))).toEqual({ kind, origin: inHome(origin), folder: stage.into });
    expect(await stage.files()).toContain('pack.yaml');
    expect(await readdir(path.dirname(stage.into))).toEqual(['.keep', '.staging-1']);
  }
});

test.each([
  ['a helper that runs a command', 'ext::sh -c touch% /tmp/x'],
  ['another helper', 'fd::17'],
  ['an option', '--upload-pack=touch /tmp/x'],
  ['an option before a repository', '-u/owner/repo'],
  ['a host that is an option', 'ssh://-oProxyCommand=x/owner/repo'],
  ['a transport without a check of what comes', 'git://host/repo.git'],
  ['a transport that git does not know', 'ftp://host/repo.git'],
  ['a script', 'javascript:alert(1)'],
  ['a user that is an option', 'git@-oProxyCommand=x:repo'],
])('%s is refused before git sees it', async (_, asked) => {
  await using stage = await sourceStage();
  await expect(stage.fetch(asked)).rejects.toMatchObject({ kind: 'user', code: expect.stringMatching(REFUSED) });
  expect(stage.printed()).toBe('');
});
const REFUSED = /^(git\/address-refused|pack\/ref-unknown|pack\/source-unknown)$/;

test.each([
  ['owner/repo', 'https://github.com/owner/repo', undefined],
  ['owner/repo=v1.2.0', 'https://github.com/owner/repo', 'v1.2.0'],
  ['https://host.example/a/b.git=feature/x', 'https://host.example/a/b.git', 'feature/x'],
  ['ssh://git@host.example:2222/a/b=main', 'ssh://git@host.example:2222/a/b', 'main'],
  ['git@host.example:a/b.git=1.0.0', 'git@host.example:a/b.git', '1.0.0'],
])('`%s` is the repository `%s` at %s', (asked, url, ref) => {
  expect(gitUrlOf(asked)).toEqual({ url, ...(ref !== undefined && { ref }) });
});

test.each(['--force', 'a..b', 'a b', '@{-1}', 'x^', 'a:b', 'HEAD~1', '.x', 'x.lock', ''])(
  'the ref `%s` is refused as no name',
  (ref) => {
    expect(() => gitUrlOf(`owner/repo=${ref}`)).toThrow(/is no name of a version, branch, tag or commit/);
  },
);

test('passwords leave an address, and the user that ssh needs stays', () => {
  expect(withoutPassword('https://ada:secret@host/x.git')).toBe('https://host/x.git');
  expect(withoutPassword('https://token@host/x.git')).toBe('https://host/x.git');
  expect(withoutPassword('ssh://git:secret@host/x.git')).toBe('ssh://git@host/x.git');
  expect(withoutPassword('git@host:x.git')).toBe('git@host:x.git');
});

test.each([
  ['a path that is not there', '/no/such/folder', /does not exist/],
  ['a file URL with a host', 'file://elsewhere/x', /names no file of this machine/],
  ['a relative path', './hello', /is no name of a pack, no whole path and no address/],
  ['a version of what ships with the app', 'examples=1.0.0', /in one version only/],
  ['a ref of a plain folder', '~/hello=v1', /is no git repository, so it has no `v1`/],
  ['a folder without pack.yaml', '~/none', /has no pack\.yaml/],
  ['nothing', ' ', /is no name of a pack/],
  [
    'a name that no catalogue has',
    'nonsense',
    /`nonsense` is no pack that ships with the app, and none of a catalogue/,
  ],
  ['a file that is no archive', '~/hello/pack.yaml', /is no `\.zip` and no `\.tar\.gz`/],
])('%s is refused in one sentence', async (_, asked, message) => {
  await using stage = await sourceStage();
  await writeFiles(stage.at(), { 'hello/pack.yaml': packYaml('hello'), 'none/x': '' });
  await expect(stage.fetch(asked)).rejects.toThrow(message);
  expect(await stage.left()).toEqual([]);
});
