import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHeadlessApp } from '../support/headless-app.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { withSharedTools } from '../support/shared-tools.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** One home, in which one pack is made and worked on. */
let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'stormlet-author-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const env = { PATH: withSharedTools(process.env).PATH ?? '' };
const cli = (...args: string[]) => runCli(home, args, { env });

test('a pack is made, checked, and tried without a running app', async () => {
  expect(await cli('pack', 'create', 'demo')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('made demo'),
  });
  expect(await cli('pack', 'check', 'demo')).toMatchObject({
    exitCode: 0,
    stdout: 'ok demo: 1 action, 1 sensor, 1 rule; 0 errors, 0 warnings',
  });

  const tested = await cli('pack', 'test', 'demo');
  expect(tested).toMatchObject({ exitCode: 0, stdout: 'ok demo: 5 passed (unittest)' });
  const counts = await cli('--json', 'pack', 'test', 'demo', '--only', 'missing');
  expect(JSON.parse(counts.stdout)).toMatchObject({ succeeded: true, passed: 1 });

  const action = await cli('action', 'run', '--standalone', 'demo/actions/describe.yaml', 'path=demo/pack.yaml');
  expect(action.exitCode).toBe(0);
  expect(JSON.parse(action.stdout)).toMatchObject({ name: 'pack.yaml', size: expect.any(Number) });
  expect(action.stderr).toContain('looked at demo/pack.yaml');
  expect(await cli('action', 'run', '--standalone', 'demo/actions/describe.py', 'path=nothing')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('there is no file nothing'),
  });
  expect(await cli('action', 'run', '--standalone', 'demo/actions/describe.yaml')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('`path` is required'),
  });
  const slow = 'import time\n\n\nclass Slow:\n    def run(self):\n        time.sleep(60)\n';
  await writeFile(path.join(home, 'demo', 'actions', 'slow.py'), slow);
  const metadata = 'name: slow\nrunner_type: python-script\nentry_point: slow.py\n';
  await writeFile(path.join(home, 'demo', 'actions', 'slow.yaml'), metadata);
  expect(await cli('action', 'run', '--standalone', 'demo/actions/slow.yaml', 'timeout=1')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('it took longer than its `timeout`'),
  });
  const uuid = await cli('--json', 'action', 'run', '--standalone', 'core.uuid');
  expect(JSON.parse(uuid.stdout)).toMatchObject({ succeeded: true, result: expect.stringMatching(/^[0-9a-f-]{36}$/) });
}, 120_000);

test('a sensor prints its events as lines of JSON until Ctrl-C, with the configuration of its pack', async () => {
  await cli('pack', 'create', 'watching');
  const watched = path.join(home, 'watched');
  await mkdir(watched);
  await mkdir(path.join(home, 'config', 'configs'), { recursive: true });
  await writeFile(path.join(home, 'config', 'configs', 'watching.yaml'), `folder: ${watched}\n`);
  const running = startCli(home, ['sensor', 'run', 'watching/sensors/folder_sensor.yaml', '--poll-interval', '0.05'], {
    env,
  });
  const lines: string[] = [];
  running.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  // Not before it has looked once: what is there at the start is no news to it.
  let number = 0;
  await until('the sensor tells of a file', async () => {
    await writeFile(path.join(watched, `${number}.txt`), '');
    number += 1;
    return lines.length > 0;
  });
  const [first = ''] = lines.join('').split('\n');
  expect(JSON.parse(first)).toMatchObject({
    trigger: 'watching.new_file',
    payload: { path: expect.stringContaining(watched) },
  });
  running.kill('SIGINT');
  expect(await running).toMatchObject({ exitCode: 0 });
}, 120_000);

test('an error of a pack is printed with its place, and the exit code is 1', async () => {
  await mkdir(path.join(home, 'bad', 'actions'), { recursive: true });
  await writeFile(path.join(home, 'bad', 'pack.yaml'), 'name: bad\nversion: 1.0.0\nauthor: me\n');
  await writeFile(
    path.join(home, 'bad', 'actions', 'a.yaml'),
    'name: a\nrunner_type: python-script\nentry_point: no.py\n',
  );
  const end = await cli('pack', 'check', 'bad');
  expect(end.exitCode).toBe(1);
  expect(end.stdout).toContain('bad/actions/a.yaml:3: error: `entry_point` names a file that does not exist');
  const json = await cli('--json', 'pack', 'check', 'bad');
  expect(JSON.parse(json.stdout)).toMatchObject([{ ref: 'bad', problems: [{ severity: 'error', line: 3 }] }]);
});

test('what cannot be found is said with what there is', async () => {
  await cli('pack', 'create', 'lost');
  expect(await cli('pack', 'test', 'no_such_pack')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('neither a folder nor an installed pack'),
  });
  expect(await cli('sensor', 'run', 'lost/actions/describe.yaml')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('it has `lost.FolderSensor`'),
  });
  expect(await cli('action', 'run', '--standalone', 'core.local', 'cmd=ls')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('`core.local` is run by `local-shell-cmd`, which only the app does'),
  });
});

test('with `--bus` the events of a sensor go to the running app', async () => {
  await using own = await tempFolder();
  await using app = await startHeadlessApp(own.path);
  await runCli(own.path, ['pack', 'create', 'sending'], { env });
  expect(await runCli(own.path, ['pack', 'install', './sending'], { env })).toMatchObject({ exitCode: 0 });
  // The app runs that sensor itself as well: the one by hand is told apart by who sent the event.
  const words = ['sensor', 'run', 'sending.FolderSensor', '--bus', '--poll-interval', '0.05'];
  const running = startCli(own.path, words, { env: { ...env, HOME: own.path } });
  await mkdir(path.join(own.path, 'Downloads'));
  let number = 0;
  const instance = await until('its event was recorded', async () => {
    await writeFile(path.join(own.path, 'Downloads', `${number}.txt`), '');
    number += 1;
    const { items } = await app.client.triggers.page({ trigger: 'sending.new_file' });
    return items.find(({ source }) => source === 'pack:sending');
  });
  expect(instance.payload).toMatchObject({ path: expect.stringContaining('Downloads') });
  running.kill('SIGINT');
  expect(await running).toMatchObject({ exitCode: 0, stdout: '' });
}, 120_000);
