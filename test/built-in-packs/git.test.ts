import { execFile } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { needs } from '../support/needs.ts';
import { payloadProblems, startPackSensor } from '../support/pack-sensor.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runActionByHand } from '../support/wrapper.ts';

const run = promisify(execFile);
const ACTIONS = path.resolve(import.meta.dirname, '../../packs/git/actions');
const wanted = needs('git');
const testGit = test.skipIf(wanted.skip);

testGit(
  `a first look tells nothing; then commits, branches and uncommitted work are told${wanted.reason}`,
  async () => {
    await using home = await tempFolder();
    const { git, path: repository } = await makeRepository(home.path, 'work/website');
    await using sensor = startSensor(home.path, { roots: [path.join(home.path, 'work')] });
    await sensor.logged(`watching ${repository}`);
    await writeFile(path.join(repository, 'new file'), '1');
    const [dirty] = await sensor.dispatched(1, 'git.working_tree');
    expect(dirty).toEqual({
      ...{ repository, name: 'website', state: 'dirty', branch: 'main', changed: 0, untracked: 1 },
    });
    await git('switch', '--quiet', '--create', 'feature/x');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=Second; with "quotes"\n\nand a body');
    const [commit] = await sensor.dispatched(1, 'git.commit');
    expect(commit).toMatchObject({ branch: 'feature/x', subject: 'Second; with "quotes"', is_mine: true });
    expect(commit?.sha).toBe((await git('rev-parse', 'HEAD')).trim());
    await sensor.dispatched(2, 'git.working_tree');
    await git('switch', '--quiet', 'main');
    await git('branch', '--quiet', '-D', 'feature/x');
    const branches = await sensor.dispatched(4, 'git.branch');
    expect(branches.map(({ event, branch, previous }) => [event, branch, previous])).toEqual([
      ['created', 'feature/x', null],
      ['switched', 'feature/x', 'main'],
      ['deleted', 'feature/x', null],
      ['switched', 'main', 'feature/x'],
    ]);
    for (const type of ['git.commit', 'git.branch', 'git.working_tree']) {
      expect(await payloadProblems(type, sensor.payloads(type))).toEqual([]);
    }
  },
);

testGit(`what others pushed is told once it is fetched, and pulled by the action${wanted.reason}`, async () => {
  await using home = await tempFolder();
  const theirs = await makeRepository(home.path, 'theirs');
  await run('git', ['clone', '--quiet', theirs.path, path.join(home.path, 'mine')], { env: gitEnv(home.path) });
  const repository = path.join(home.path, 'mine');
  await using sensor = startSensor(home.path, { repositories: [repository], fetch_minutes: 0.0005 });
  await sensor.logged(`watching ${repository}`);
  await theirs.git('commit', '--quiet', '--allow-empty', '--author=Ann <ann@example.com>', '--message=Theirs');
  const [behind] = await sensor.dispatched(1, 'git.upstream');
  expect(behind).toMatchObject({ state: 'behind', behind: 1, ahead: 0, branch: 'main', upstream: 'origin/main' });

  const pulled = await act(home.path, 'pull', { repository });
  expect(pulled).toMatchObject({ result: { summary: '1 new commit', subjects: ['Theirs'] } });
  const [commit] = await sensor.dispatched(1, 'git.commit');
  expect(commit).toMatchObject({ subject: 'Theirs', email: 'ann@example.com', is_mine: false, branch: 'main' });
  expect((await sensor.dispatched(2, 'git.upstream'))[1]).toMatchObject({ state: 'in_step' });
  expect(await payloadProblems('git.upstream', sensor.payloads('git.upstream'))).toEqual([]);
  expect(await act(home.path, 'pull', { repository })).toMatchObject({ result: { summary: 'already up to date' } });
});

testGit(`what happens while the sensor does not run is told at its next start${wanted.reason}`, async () => {
  await using home = await tempFolder();
  const { git, path: repository } = await makeRepository(home.path, 'notes');
  const config = { repositories: [path.join(repository, 'sub')] };
  {
    await using first = startSensor(home.path, config);
    await first.logged(`watching ${repository}`);
    await git('tag', 'seen');
    await writeFile(path.join(repository, 'a'), '');
    await first.dispatched(1, 'git.working_tree');
    await first.stop();
  }
  await git('add', '--all');
  for (const message of ['one', 'two']) await git('commit', '--quiet', '--allow-empty', `--message=${message}`);
  await using second = startSensor(home.path, config);
  const commits = await second.dispatched(2, 'git.commit');
  expect(commits.map(({ subject }) => subject)).toEqual(['one', 'two']);
});

testGit(`a folder that is no repository is reported once and hinders no other${wanted.reason}`, async () => {
  await using home = await tempFolder();
  const { path: repository } = await makeRepository(home.path, 'good');
  const missing = path.join(home.path, 'missing');
  await using sensor = startSensor(home.path, { repositories: [missing, repository] });
  await sensor.logged(`watching ${repository}`);
  expect(sensor.log().split('not a folder').length).toBe(2);
});

testGit(`status, log and commit_all${wanted.reason}`, async () => {
  await using home = await tempFolder();
  const { git, path: repository } = await makeRepository(home.path, 'notes');
  expect(await act(home.path, 'status', { repository })).toMatchObject({ result: { summary: 'main: clean' } });
  await writeFile(path.join(repository, 'späte Notiz'), 'x');
  await appendFile(path.join(repository, 'sub', 'first'), 'more');
  expect(await act(home.path, 'status', { repository })).toMatchObject({
    result: { summary: 'main: 2 uncommitted', changed: ['sub/first'], untracked: ['späte Notiz'] },
  });
  const parameters = { repository: path.join(repository, 'sub'), message: 'Tidy up' };
  const committed = await act(home.path, 'commit_all', parameters);
  expect(committed).toMatchObject({ result: { files: ['sub/first', 'späte Notiz'], repository } });
  expect(await act(home.path, 'commit_all', parameters)).toMatchObject({ result: { summary: 'nothing to commit' } });
  expect(await act(home.path, 'log', { repository, count: 1 })).toMatchObject({
    result: { summary: '1 commit', commits: [{ subject: 'Tidy up', author: 'Me' }] },
  });
  await git('switch', '--quiet', '--detach');
  expect(await act(home.path, 'commit_all', parameters)).toMatchObject({ status: false });
  expect(await act(home.path, 'status', { repository: home.path })).toMatchObject({
    status: false,
    result: expect.stringContaining('not a git repository'),
  });
});

/** A repository of one commit, of a person called Me. */
async function makeRepository(home: string, name: string) {
  const folder = path.join(home, name);
  await mkdir(path.join(folder, 'sub'), { recursive: true });
  const git = async (...args: string[]) => (await run('git', ['-C', folder, ...args], { env: gitEnv(home) })).stdout;
  await writeFile(
    path.join(home, '.gitconfig'),
    '[user]\nname = Me\nemail = me@example.com\n[init]\ndefaultBranch = main\n',
  );
  await git('init', '--quiet');
  await writeFile(path.join(folder, 'sub', 'first'), '');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=First');
  return { path: folder, git };
}

/** Away from the configuration and the repositories of whoever runs the tests. */
function gitEnv(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, GIT_CEILING_DIRECTORIES: home, GIT_CONFIG_NOSYSTEM: '1' };
}

function startSensor(home: string, config: JsonObject) {
  const names = { pack: 'git', sensor: 'repository_sensor', className: 'RepositorySensor', pollInterval: 0.05 };
  const env = { ...gitEnv(home), STORMLET_DATASTORE: path.join(home, 'datastore.db') };
  return startPackSensor({ python: 'python3', ...names, config, env });
}

async function act(home: string, action: string, parameters: JsonObject): Promise<JsonObject> {
  const file = path.join(ACTIONS, `${action}.py`);
  return (await runActionByHand('python3', file, { parameters, env: gitEnv(home) })).answer;
}
