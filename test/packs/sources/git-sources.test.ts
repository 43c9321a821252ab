import { execFileSync } from 'node:child_process';
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fetchSource } from '../../../main/packs/sources/fetch-source.ts';
import { readGitProgress } from '../../../main/packs/sources/git-progress.ts';
import { needs } from '../../support/needs.ts';
import { packYaml, writeFiles } from '../pack-stage.ts';
import { serveFolder } from './serve-folder.ts';
import { commit, git, gitPack, type SourceStage, sourceStage } from './source-stage.ts';

const installed = needs('git');
const withGit = test.skipIf(installed.skip);
const versionIn = (stage: SourceStage) =>
  readFile(path.join(stage.into, 'pack.yaml'), 'utf8').then((text) => /version: (.*)/.exec(text)?.[1]);

/** A pack with the tags `v1.0.0`, `v1.10.0`, `2.0.0` and `nightly`, a branch `feature/x`, and `main` one commit ahead. */
async function history(folder: string) {
  await gitPack(folder, 'hello');
  const commits: Record<string, string> = {};
  for (const [version, tag] of [
    ['1.0.0', 'v1.0.0'],
    ['1.10.0', 'v1.10.0'],
    ['2.0.0', '2.0.0'],
    ['2.0.1', 'nightly'],
  ] as const) {
    await writeFiles(folder, { 'pack.yaml': packYaml('hello', version), note: version });
    commits[tag] = await commit(folder, version);
    await git(folder, 'tag', tag);
  }
  await git(folder, 'checkout', '--quiet', '-b', 'feature/x');
  await writeFiles(folder, { 'pack.yaml': packYaml('hello', '3.0.0-x') });
  commits['feature/x'] = await commit(folder, 'x');
  await git(folder, 'checkout', '--quiet', 'main');
  await writeFiles(folder, { 'pack.yaml': packYaml('hello', '2.1.0') });
  commits.main = await commit(folder, 'ahead');
  return commits;
}

describe(`a git repository${installed.reason}`, () => {
  withGit('is cloned from a file URL at its HEAD, with what is committed only', async () => {
    await using stage = await sourceStage();
    const folder = await gitPack(stage.at('hello'), 'hello', { 'actions/run.sh': 'echo hi\n' });
    await chmod(path.join(folder, 'actions/run.sh'), 0o755);
    const head = await commit(folder, 'executable');
    await writeFiles(folder, { 'not-committed.txt': '' });
    expect(await stage.fetch(`file://${folder}`)).toEqual({
      kind: 'git',
      origin: `file://${folder}`,
      commit: head,
      folder: stage.into,
    });
    expect(await stage.files()).toEqual(['actions/run.sh', 'pack.yaml']);
    expect((await stat(path.join(stage.into, 'actions/run.sh'))).mode & 0o111).toBe(0o111);
    expect(await stage.left()).toEqual(['.staging-1']);
  });

  withGit('gives the branch, tag, `v` tag or commit that is asked for', async () => {
    await using stage = await sourceStage();
    const commits = await history(stage.at('hello'));
    for (const [ref, version, found] of [
      ['main', '2.1.0', { ref: 'main', commit: commits.main }],
      ['feature/x', '3.0.0-x', { ref: 'feature/x', commit: commits['feature/x'] }],
      ['v1.0.0', '1.0.0', { ref: 'v1.0.0', version: '1.0.0', commit: commits['v1.0.0'] }],
      ['1.10.0', '1.10.0', { ref: 'v1.10.0', version: '1.10.0', commit: commits['v1.10.0'] }],
      ['2.0.0', '2.0.0', { ref: '2.0.0', version: '2.0.0', commit: commits['2.0.0'] }],
      ['nightly', '2.0.1', { ref: 'nightly', commit: commits.nightly }],
      [commits['v1.0.0'], '1.0.0', { commit: commits['v1.0.0'] }],
      [commits['v1.0.0']?.slice(0, 8), '1.0.0', { commit: commits['v1.0.0'] }],
    ] as const) {
      await using other = await sourceStage();
      expect(await other.fetch(`file://${stage.at('hello')}=${ref}`)).toMatchObject(found);
      expect(await versionIn(other)).toBe(version);
    }
  });

  withGit('is told with all it has, versions first and newest first, when a ref is not there', async () => {
    await using stage = await sourceStage();
    await history(stage.at('hello'));
    await expect(stage.fetch(`file://${stage.at('hello')}=9.9.9`)).rejects.toMatchObject({
      code: 'pack/ref-unknown',
      message: `\`file://${stage.at('hello')}\` has no version, branch, tag or commit \`9.9.9\``,
      hint: 'there are versions `2.0.0`, `v1.10.0`, `v1.0.0`; tags `nightly`; branches `feature/x`, `main`',
    });
  });

  withGit('with a detached HEAD is taken at that commit', async () => {
    await using stage = await sourceStage();
    const commits = await history(stage.at('hello'));
    await git(stage.at('hello'), 'checkout', '--quiet', 'v1.0.0');
    expect(await stage.fetch(`file://${stage.at('hello')}`)).toMatchObject({ commit: commits['v1.0.0'] });
  });

  withGit('without any commit is told as empty', async () => {
    await using stage = await sourceStage();
    await writeFiles(stage.at('empty'), { '.keep': '' });
    await git(stage.at('empty'), 'init', '--quiet');
    await expect(stage.fetch(`file://${stage.at('empty')}`)).rejects.toMatchObject({ hint: 'the repository is empty' });
  });

  withGit('is copied as it is by its plain path, and cloned from there once a ref is given', async () => {
    await using stage = await sourceStage();
    const folder = await gitPack(stage.at('hello'), 'hello');
    await writeFiles(folder, { 'not-committed.txt': '' });
    expect(await stage.fetch(folder)).toMatchObject({ kind: 'folder', origin: folder });
    expect(await stage.files()).toEqual(['not-committed.txt', 'pack.yaml']);
    await using other = await sourceStage();
    expect(await other.fetch(`${folder}=main`)).toMatchObject({ kind: 'git', ref: 'main' });
  });

  withGit('may be bare, and may hold the pack in its single folder that is one', async () => {
    await using stage = await sourceStage();
    const folder = stage.at('work');
    await writeFiles(folder, { 'README.md': '', 'docs/x.md': '', 'hello/pack.yaml': packYaml('hello') });
    await git(folder, 'init', '--quiet');
    await commit(folder, 'first');
    await git(stage.at(), 'clone', '--quiet', '--bare', folder, 'bare.git');
    expect(await stage.fetch(stage.at('bare.git'))).toMatchObject({ kind: 'git' });
    expect(await stage.files()).toEqual(['pack.yaml']);
  });

  withGit('is cloned over HTTP, with its percents and lines live, and no password in what is kept', async () => {
    await using stage = await sourceStage();
    await history(stage.at('hello'));
    await git(stage.at(), 'clone', '--quiet', '--bare', stage.at('hello'), 'www/hello.git');
    await git(stage.at('www/hello.git'), 'update-server-info');
    await using server = await serveFolder(stage.at('www'));
    const fetched = await stage.fetch(`${server.url.replace('//', '//ada:secret@')}/hello.git=v1.0.0`);
    expect(fetched).toMatchObject({ kind: 'git', origin: `${server.url}/hello.git`, version: '1.0.0' });
    expect(stage.printed()).toContain(`$ git clone ${server.url}/hello.git\n`);
    expect(stage.printed()).not.toContain('secret');
  });

  withGit('tells the percent of what git is doing', async () => {
    await using stage = await sourceStage();
    await gitPack(stage.at('hello'), 'hello');
    await stage.fetch(`file://${stage.at('hello')}`);
    expect(stage.percents).toContain('Receiving objects 100');
    expect(stage.printed()).toMatch(/^Receiving objects: 100% \(\d+\/\d+\).*, done\.$/m);
    expect(stage.printed()).not.toContain('\r');
  });

  test.each([1, 7, 40, 999])('has one line for what git writes over, also when it comes in pieces of %i', (size) => {
    const heard: string[] = [];
    const read = readGitProgress({
      onOutput: (_stream, text) => heard.push(text),
      onPercent: (percent, doing) => heard.push(`${doing} ${percent}`),
    });
    const output =
      "Cloning into 'x'...\nremote: Counting objects:   1% (1/99)\r" +
      'remote: Counting objects:   3% (3/99)\rremote: Counting objects: 100% (99/99), done.        \n' +
      'Receiving objects:  50% (1/2)\rReceiving objects: 100% (2/2), done.\nwarning: odd\n';
    for (let from = 0; from < output.length; from += size) read(output.slice(from, from + size));
    expect(heard.filter((text) => text.endsWith('\n'))).toEqual([
      'remote: Counting objects: 100% (99/99), done.\n',
      'Receiving objects: 100% (2/2), done.\n',
      'warning: odd\n',
    ]);
  });

  withGit('runs none of its own or the person’s hooks, and brings no submodule', async () => {
    await using stage = await sourceStage();
    const hook = '#!/bin/sh\ntouch "$HOME/ran"\n';
    const inner = await gitPack(stage.at('inner'), 'inner');
    const folder = await gitPack(stage.at('hello'), 'hello', {
      '.gitmodules': `[submodule "inner"]\n  path = inner\n  url = ${inner}\n`,
    });
    await writeFiles(stage.at('template/hooks'), { 'post-checkout': hook });
    await chmod(stage.at('template/hooks/post-checkout'), 0o755);
    await writeFiles(stage.at(), { gitconfig: `[init]\n  templateDir = ${stage.at('template')}\n` });
    const environment = { ...stage.deps.git.environment, HOME: stage.at(), GIT_CONFIG_GLOBAL: stage.at('gitconfig') };
    await using own = await sourceStage({ git: { ...stage.deps.git, environment } });
    await own.fetch(`file://${folder}`);
    await expect(stat(stage.at('ran'))).rejects.toThrow('ENOENT');
    expect(own.printed()).toContain('submodules; they are not fetched');
    // The same hook does run where nobody keeps it from it.
    execFileSync('git', ['clone', '--quiet', folder, stage.at('clone')], { env: environment });
    expect((await stat(stage.at('ran'))).isFile()).toBe(true);
  });

  withGit('is found by a name of a catalogue, at the version behind it', async () => {
    await using stage = await sourceStage();
    await history(stage.at('hello'));
    const pack = { ref: 'hello', name: 'hello', description: '', version: '2.1.0', author: '', keywords: [] };
    const packs = [{ ...pack, url: `file://${stage.at('hello')}` }];
    const catalogue = { read: async () => [{ source: 'index', packs }] };
    await using own = await sourceStage({ catalogue });
    expect(await own.fetch('hello=1.10.0')).toMatchObject({
      ...{ kind: 'catalogue', origin: 'hello', ref: 'v1.10.0', version: '1.10.0' },
    });
    const helper = { read: async () => [{ source: 'index', packs: [{ ...pack, url: 'ext::sh -c x' }] }] };
    await using sly = await sourceStage({ catalogue: helper });
    await expect(sly.fetch('hello')).rejects.toMatchObject({ code: 'git/address-refused' });
  });

  withGit('that is called off leaves nothing', async () => {
    await using stage = await sourceStage();
    await gitPack(stage.at('hello'), 'hello');
    const cancel = new AbortController();
    const progress = { ...stage.progress, onOutput: () => cancel.abort('canceled') };
    const fetching = fetchSource(stage.deps, `file://${stage.at('hello')}`, stage.into, progress, cancel.signal);
    await expect(fetching).rejects.toMatchObject({ code: 'operation/canceled' });
    expect(await stage.left()).toEqual([]);
  });

  withGit('with a link that leads out of the pack is refused', async () => {
    await using stage = await sourceStage();
    const folder = await gitPack(stage.at('hello'), 'hello');
    await symlink('/etc/passwd', path.join(folder, 'link'));
    await commit(folder, 'link');
    await expect(stage.fetch(`file://${folder}`)).rejects.toMatchObject({ code: 'pack/link-outside' });
  });

  withGit('that cannot be reached is told with git’s own reason and what to do', async () => {
    await using stage = await sourceStage();
    await using server = await serveFolder(stage.at('data'));
    await expect(stage.fetch(`${server.url}/none.git`)).rejects.toMatchObject({
      code: 'git/failed',
      message: expect.stringMatching(/^git could not fetch `.*none\.git`: repository .* not found/),
      hint: expect.stringContaining('as `git clone` takes it'),
    });
    await expect(stage.fetch('https://no-such-host.invalid/x.git')).rejects.toMatchObject({
      code: 'git/failed',
      message: expect.stringMatching(/Could not resolve host: no-such-host\.invalid/),
      hint: expect.stringMatching(/spelled right/),
    });
    expect(await stage.left()).toEqual([]);
  });
});

test('git that is not installed is told with the way to get it', async () => {
  await using stage = await sourceStage();
  await writeFiles(stage.at('empty'), { '.keep': '' });
  const git = { ...stage.deps.git, environment: { PATH: stage.at('empty') }, platform: 'darwin' as const };
  await using without = await sourceStage({ git });
  await expect(without.fetch('owner/repo')).rejects.toMatchObject({
    code: 'git/not-found',
    kind: 'environment',
    message: 'git is not installed on this machine',
    hint: expect.stringContaining('xcode-select --install'),
  });
});
