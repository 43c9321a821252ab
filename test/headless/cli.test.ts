import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimFolders } from '../../main/rpc/folder-claim.ts';
import { type FakeServer, startFakeServer } from '../support/fake-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const cli = (...args: string[]) => runCli(server.home, args);
const json = async (...args: string[]) => JSON.parse((await cli('--json', ...args)).stdout);

describe('lists', () => {
  test.each([
    [
      ['pack', 'list'],
      ['PACK', 'hello', '1.0.0', 'ready', '3.11.2', 'an old key'],
    ],
    [
      ['pack', 'show', 'hello'],
      [
        'requests==2.32.3',
        'waver 1.0',
        'v1.0.0 at 0123456789ab',
        '0.9.0',
        'hello.greet',
        'hello.on_wave',
        'pack.yaml: an old key',
      ],
    ],
    [
      ['pack', 'search'],
      ['PACK', 'hello', '1.1.0', '1.0.0', 'Greets.', 'index.json: as it was on', 'since `example.com` could not be'],
    ],
    [['pack', 'search', 'no', 'such'], ['no pack fits']],
    [
      ['action', 'list'],
      ['hello.greet', 'python-script', 'Does hello.greet.'],
    ],
    [
      ['rule', 'list'],
      ['hello.on_wave', 'active', 'error: /config/rules/x.yaml:3: bad indentation'],
    ],
    [
      ['rule', 'show', 'hello.on_wave'],
      ['# /data/packs/hello/rules/on_wave.yaml', 'name: on_wave'],
    ],
    [
      ['trigger', 'list'],
      ['hello.wave', 'Somebody waves.'],
    ],
    [
      ['sensor', 'list'],
      ['hello.WaveSensor', 'given-up', 'it exited with code 1, 5 times in a row'],
    ],
    [
      ['inquiry', 'list'],
      ['q-1', 'core.ask', 'hello.ask_first', 'go, times'],
    ],
    [
      ['inquiry', 'get', 'q-1'],
      ['night', 'boolean, required', 'Shall it go on?', 'How often.'],
    ],
    [
      ['alias', 'list'],
      ['say hello to {{ who }}', 'hello.greet', 'hello.say'],
    ],
    [
      ['alias', 'match', 'say', 'hello', 'to', 'Ada'],
      ['hello.say', 'hello.greet', 'who="Ada"'],
    ],
    [
      ['api', 'address'],
      ['http://127.0.0.1:9101/v1', 'http://127.0.0.1:40123/v1'],
    ],
    [['api', 'openapi'], ['"openapi": "3.1.0"']],
    [['api-key', 'list'], ['there are no API keys']],
    [['sensor', 'restart', 'hello.WaveSensor'], ['hello.WaveSensor is starting']],
    [['status'], ['1.2.3 (headless)', 'mqtt://127.0.0.1:1883', '/data/packs']],
  ])('`stormlet %j` prints what the app answers', async (args, expected) => {
    const { exitCode, stdout, stderr } = await cli(...args);
    for (const text of expected) expect(stdout).toContain(text);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('text is coloured where it is asked for, and never against `NO_COLOR`', async () => {
    const list = async (env: Record<string, string>) => (await runCli(server.home, ['pack', 'list'], { env })).stdout;
    expect(await list({ FORCE_COLOR: '1' })).toContain('\u001b[32mready');
    expect(await list({ NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await list({})).not.toContain('\u001b');
  });

  test('`--json` is understood before and after the command and prints the value alone', async () => {
    expect(await json('pack', 'list')).toMatchObject([{ ref: 'hello', virtualenv: { python: '3.11.2' } }]);
    expect(JSON.parse((await cli('rule', 'list', '--json')).stdout)).toMatchObject({
      rules: [{ ref: 'hello.on_wave' }],
      problems: [{ line: 3 }],
    });
  });

  test('a rule is switched off and on again', async () => {
    expect((await cli('rule', 'disable', 'hello.on_wave')).stdout).toBe('hello.on_wave is disabled');
    expect(await json('rule', 'show', 'hello.on_wave')).toMatchObject({ enabled: false });
    const tried = (await cli('rule', 'test', 'hello.on_wave')).stdout;
    expect(tried).toContain('not matched: `trigger.hand` was "left", wanted equals "right"');
    expect(tried).toMatch(/would have matched 0 of 1 events/);
    expect((await cli('rule', 'enable', 'hello.on_wave')).stdout).toBe('hello.on_wave is enabled');
  });

  test('`bus url` prints the address alone, for `$(…)`', async () => {
    expect((await cli('bus', 'url')).stdout).toBe('mqtt://all:s3cret@127.0.0.1:1883');
    expect((await cli('bus', 'url', '--pack', 'hello')).stdout).toBe('mqtt://pack-hello:s3cret@127.0.0.1:1883');
  });

  test('`open` prints the address that lets a browser in', async () => {
    expect((await cli('open')).stdout).toBe(server.local.uiAddress);
  });
});

describe('running an action', () => {
  test('shows its output as it is, its result, and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await cli('action', 'run', 'hello.greet', 'name=you', 'times=2', 'loud=true');
    expect(stdout).toContain('hello {"name":"you","times":2,"loud":true}');
    expect(stdout).toContain('"greeted": true');
    expect(stderr).toContain('a warning');
    expect(stderr).toMatch(/succeeded.*: execution ex-\d+/);
    expect(exitCode).toBe(0);
  });

  test('the app knows that the CLI asked', () => {
    expect(server.world.runs.at(-1)?.caller).toEqual({ source: 'cli' });
  });

  test('a failure is an error with its hint and exits with 1', async () => {
    const { exitCode, stdout, stderr } = await cli('action', 'run', 'hello.fail');
    expect(stderr).toBe('error: `hello.fail` failed: `ValueError`: no such greeting\nhint: try `hi`');
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  test('with `--json` prints the finished execution and nothing else', async () => {
    expect(await json('action', 'run', 'hello.greet', '--parameters', '{"name":"a"}', 'name=b')).toMatchObject({
      status: 'succeeded',
      parameters: { name: 'b' },
    });
  });

  test('with `--no-wait` prints the id at once; the execution can be looked at and canceled', async () => {
    const { stdout: id } = await cli('action', 'run', 'hello.hang', '--no-wait');
    expect((await cli('execution', 'get', id)).stdout).toMatch(/status: +running/);
    expect((await cli('execution', 'cancel', id)).stdout).toBe(`${id} is canceled`);
    expect((await cli('execution', 'list', '--limit', '5')).stdout).toContain('hello.hang');
    expect((await cli('trace', id)).stdout).toContain(`execution ${id}`);
  });

  test('Ctrl-C, which npm sends once more, cancels it and waits for its end', async () => {
    const before = server.world.executions.size;
    const running = startCli(server.home, ['action', 'run', 'hello.hang']);
    await until('the execution runs', () => server.world.executions.size > before);
    running.kill('SIGINT');
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect(stderr).toContain('error: `hello.hang` ended as canceled');
    expect(exitCode).toBe(1);
  });

  test('an unknown action is the app’s own error', async () => {
    const { exitCode, stderr } = await cli('action', 'run', 'hello.nothing');
    expect([exitCode, stderr]).toEqual([1, 'error: there is no action `hello.nothing`']);
  });
});

describe('packs', () => {
  test('installing shows each step once and pip’s own lines', async () => {
    const { exitCode, stdout, stderr } = await cli('pack', 'install', 'hello');
    expect(stdout).toContain('Collecting requests');
    expect(stderr.split('\n').slice(0, 3)).toEqual(['… clone', '✓ clone: 12 files', '✓ virtualenv']);
    expect(exitCode).toBe(0);
  });

  test.each([
    [
      ['install', 'hello', 'https://example.org/x.git'],
      'packs.install',
      { packs: ['hello', 'https://example.org/x.git'] },
    ],
    [
      ['install', '--force', '--skip-dependencies', 'old'],
      'packs.install',
      { packs: ['old'], force: true, skip_dependencies: true },
    ],
    [['update', 'hello', 'other'], 'packs.update', { packs: ['hello', 'other'] }],
    [['rollback', 'hello'], 'packs.rollback', { packs: ['hello'] }],
    [['remove', 'hello', 'other'], 'packs.uninstall', { packs: ['hello', 'other'] }],
    [
      ['setup-virtualenv', 'hello', '--locked'],
      'packs.setup_virtualenv',
      { packs: ['hello'], update: true, locked: true },
    ],
    [['setup-virtualenv', 'hello'], 'packs.setup_virtualenv', { packs: ['hello'], update: true }],
  ])('`pack %j` runs the action that does it', async (args, action, parameters) => {
    const { exitCode } = await cli('pack', ...args);
    expect(server.world.runs.at(-1)).toMatchObject({ action, parameters });
    expect(exitCode).toBe(0);
  });
});

test('relative folders are made absolute from where the person is, also through npm', async () => {
  await using folder = await tempFolder();
  await mkdir(path.join(folder.path, 'sub', 'pack'), { recursive: true });
  const install = async (sources: string[], options: Parameters<typeof runCli>[2]) => {
    await runCli(server.home, ['pack', 'install', ...sources], options);
    return server.world.runs.at(-1)?.parameters.packs;
  };
  const sources = ['./x', '..', 'sub/pack', 'owner/repo', 'hello', '/abs'];
  const absolute = ['x', '..', 'sub/pack'].map((source) => path.resolve(folder.path, source));
  expect(await install(sources, { cwd: folder.path })).toEqual([...absolute, 'owner/repo', 'hello', '/abs']);
  const env = { npm_package_name: 'stormlet', INIT_CWD: folder.path };
  expect(await install(['./x'], { env })).toEqual([path.join(folder.path, 'x')]);
});

test('a trigger instance is sent with typed values, and each rule’s verdict is printed', async () => {
  const { exitCode, stdout } = await cli('trigger', 'emit', 'hello.wave', 'size=1', 'who=7');
  expect(stdout).toMatch(/hello\.wave processed: trigger instance ti-\d+/);
  expect(stdout).toMatch(/hello\.on_wave +matched +ex-77/);
  expect(stdout).toContain('not matched: `trigger.size` was 1, wanted 2');
  expect(exitCode).toBe(0);
  expect(await json('trigger', 'emit', 'hello.wave', 'size=1', 'who=7')).toMatchObject({
    payload: { size: 1, who: '7' },
    verdicts: [{ matched: true }, { matched: false }],
  });
});

test('a trigger instance that the app refuses is printed with the reason, and the exit code is 1', async () => {
  const { exitCode, stdout } = await cli('trigger', 'emit', 'hello.unknown');
  expect(stdout).toMatch(/^hello\.unknown refused: trigger instance ti-\d+\nerror: no such trigger\nhint: look$/);
  expect(exitCode).toBe(1);
});

describe('what goes wrong', () => {
  test('a fault’s hint is on a line of its own', async () => {
    const { exitCode, stderr } = await cli('pack', 'show', 'nobody');
    expect(stderr).toBe('error: there is no pack `nobody`\nhint: `stormlet pack list` shows what is installed');
    expect(exitCode).toBe(1);
  });

  test.each([
    [['nonsense'], 'error: unknown command `nonsense`'],
    [['pack', 'list', '--wrong'], 'error: unknown option `--wrong`'],
    [['action', 'run', 'hello.greet', 'times=many'], 'error: `times` must be integer, got `many`'],
    [['action', 'run', 'hello.greet', 'novalue'], 'error: `novalue` is no `key=value`'],
    [['action', 'run', 'hello.greet', '--parameters', '[1]'], 'error: not a JSON object: `[1]`'],
    [['execution', 'list', '--limit', 'x'], 'it must be a whole number.'],
    [['start', '--port', '70000'], 'it must be a number from 0 to 65535.'],
    [[], 'Usage: stormlet'],
  ])('`stormlet %j` is used wrongly: exit code 2', async (args, message) => {
    const { exitCode, stderr } = await cli(...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('a reference that is none is refused with the reason', async () => {
    const { exitCode, stderr } = await cli('rule', 'show', 'no-dot');
    expect(stderr).toContain('a reference is written `pack.name`');
    expect(exitCode).toBe(1);
  });

  test.each([['pack', 'list'], ['open'], ['status']])('without the app, `stormlet %s` says so', async (...args) => {
    await using folder = await tempFolder();
    const { exitCode, stderr } = await runCli(folder.path, args);
    expect([exitCode, stderr]).toEqual([1, 'error: Stormlet is not running\nhint: `npm start` starts it']);
  });

  test('while the app starts or stops, a command says to wait', async () => {
    await using folder = await tempFolder();
    const data = path.join(folder.path, 'data');
    await using _claim = await claimFolders(data, new Date().toISOString());
    const { exitCode, stderr } = await runCli(folder.path, ['pack', 'list']);
    expect(stderr).toContain(`error: Stormlet is starting or stopping: process ${process.pid}`);
    expect(exitCode).toBe(1);
  });

  test('an app that stops meanwhile ends the command with an error', async () => {
    await using own = await startFakeServer();
    const running = startCli(own.home, ['action', 'run', 'hello.hang']);
    await until('the execution runs', () => own.world.executions.size > 0);
    await own.local[Symbol.asyncDispose]();
    const { exitCode, stderr } = await running;
    expect(stderr).toContain('error: Stormlet ended the connection');
    expect(exitCode).toBe(1);
  });
});

test('help and version need no app and no engine', async () => {
  await using folder = await tempFolder();
  const help = await runCli(folder.path, ['pack', '--help']);
  expect([help.exitCode, help.stdout]).toEqual([0, expect.stringContaining('setup-virtualenv')]);
  expect((await runCli(folder.path, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+$/);
});

describe('`stormlet doctor`', () => {
  test('asks the app while one runs', async () => {
    const { exitCode, stdout } = await cli('doctor');
    expect([exitCode, stdout]).toEqual([0, 'warning python: python 3.7 is too old\nhint: install python 3.11']);
  });

  test('looks for itself where none runs, and leaves nothing behind', async () => {
    await using folder = await tempFolder();
    const { exitCode, stdout } = await runCli(folder.path, ['doctor', '--json']);
    const checks: { name: string; state: string }[] = JSON.parse(stdout);
    expect(checks.map((check) => check.name)).toEqual(expect.arrayContaining(['node', 'python', 'git', 'data folder']));
    expect(exitCode).toBe(checks.some((check) => check.state === 'failed') ? 1 : 0);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('names a settings file that the app would not start with', async () => {
    await using folder = await tempFolder();
    await mkdir(path.join(folder.path, 'config'));
    await writeFile(path.join(folder.path, 'config', 'settings.json'), '{"python": {"uv": "maybe"}}');
    const { exitCode, stdout } = await runCli(folder.path, ['doctor']);
    expect(stdout).toContain('failed settings: ');
    expect(stdout).toContain('`python.uv`');
    expect(exitCode).toBe(1);
  });
});

describe('inquiry respond', () => {
  test('a wrong answer is refused with what is wrong, and a right one is taken by the types of the schema', async () => {
    await using own = await startFakeServer();
    const answer = (...words: string[]) => runCli(own.home, ['--json', 'inquiry', 'respond', 'q-1', ...words]);
    expect(await answer('times=2')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('`go` is required') });
    expect(await answer('go=perhaps')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('`go` must be boolean'),
    });
    const given = await answer('times=2', '--response', '{"go": true}');
    expect(JSON.parse(given.stdout)).toMatchObject({
      status: 'succeeded',
      result: { response: { go: true, times: 2 } },
    });
    expect(await answer('go=true')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is no inquiry `q-1`'),
    });
  });
});

describe('alias run', () => {
  test('a sentence runs its action, with what the alias says before and after', async () => {
    const { exitCode, stdout, stderr } = await cli('alias', 'run', 'say hello to Ada');
    expect(stdout).toContain('hello {"who":"Ada"}');
    expect(stdout.trimEnd().endsWith('Done.')).toBe(true);
    expect(stderr).toContain('On it.');
    expect(exitCode).toBe(0);
  });

  test('what no alias fits is refused', async () => {
    const { exitCode, stderr } = await cli('alias', 'run', 'make', 'tea');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('`make tea` fits no alias')]);
    expect((await cli('alias', 'match', 'make tea')).exitCode).toBe(1);
  });
});

test('an API key is printed once, listed without itself, switched off and deleted', async () => {
  await using own = await startFakeServer();
  const run = (...args: string[]) => runCli(own.home, ['api-key', ...args]);
  expect((await run('create', '--name', 'ci')).stdout).toBe('s3cret');
  expect((await run('disable', 'key-1')).stdout).toBe('key-1 is disabled');
  const { stdout } = await run('list');
  expect(stdout).toMatch(/key-1 +ci +no/);
  expect(stdout).not.toContain('s3cret');
  expect((await run('delete', 'key-1')).stdout).toBe('key-1 is deleted');
  expect(await run('delete', 'key-1')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no API key') });
});
