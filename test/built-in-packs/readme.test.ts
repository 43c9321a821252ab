import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadPack, PackCaches } from '../../main/packs/metadata/load-pack.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { packPython } from '../support/pack-virtualenv.ts';
import { blocksOfReadme, README } from '../support/readme.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { runActionByHand, startSensorByHand } from '../support/wrapper.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const commands = blocksOfReadme('sh by-hand').map(({ text }) => text);
let python: string;

beforeAll(async () => {
  python = await packPython(path.join(ROOT, 'packs/examples'));
});

test('the pack that the README writes loads without a problem, and its action and sensor run', async () => {
  await using folder = await tempFolder();
  const hello = path.join(folder.path, 'hello');
  const files = filesOfPack();
  for (const [name, text] of files) await write(path.join(folder.path, name), text);
  expect(files.size).toBe(7);

  const pack = await loadPack(hello, 'installed', '/nowhere', new PackCaches());
  expect([...pack.problems, ...pack.rules.flatMap((rule) => rule.problems)]).toEqual([]);
  expect(pack).toMatchObject({
    requirements: ['humanize>=4,<5'],
    actions: [{ ref: 'hello.greet' }],
    sensors: [{ ref: 'hello.DaySensor', pollInterval: 60 }],
    triggerTypes: [{ ref: 'hello.new_day' }],
    rules: [{ definition: { trigger: { type: 'hello.new_day' }, action: { ref: 'hello.greet' } } }],
  });

  const parameters = { day: '2001-02-03' };
  const { answer } = await runActionByHand(python, path.join(hello, 'actions/greet.py'), { parameters });
  expect(answer).toMatchObject({ result: { greeting: 'Hello, Feb 03 2001!' } });

  const file = path.join(hello, 'sensors/day_sensor.py');
  await using sensor = startSensorByHand(python, file, { className: 'DaySensor' });
  const line = await until('the day is announced', () => sensor.lines()[0]);
  expect(JSON.parse(line)).toMatchObject({ trigger: 'hello.new_day', payload: { day: expect.any(String) } });
});

test('the README tells how to run an action and a sensor by hand', () => {
  expect(commands).toHaveLength(2);
});

test.each(commands)('what the README says to type works as it stands: %s', async (command) => {
  await using home = await tempFolder();
  const virtualenvs = path.join(home.path, '.local/share/stormlet/virtualenvs');
  await mkdir(virtualenvs, { recursive: true });
  await symlink(path.resolve(python, '../..'), path.join(virtualenvs, 'examples'));

  let stdout = '';
  const stopping = new AbortController();
  const ended = runProgram(
    {
      command: 'bash',
      args: ['-c', command],
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', HOME: home.path, PYTHONDONTWRITEBYTECODE: '1' },
      onOutput: (stream, text) => {
        if (stream === 'stdout') stdout += text;
      },
    },
    stopping.signal,
  );
  const line = await until('it answers with a line of JSON', () => /^\{.*\}$/m.exec(stdout)?.[0]);
  stopping.abort('canceled');
  expect((await ended).stderr).not.toContain('Traceback');
  expect(JSON.parse(line)).toMatchObject(
    command.includes('sensor_wrapper.py')
      ? { trigger: 'examples.disk_space', payload: { path: home.path } }
      : { result: { name: 'README.md' } },
  );
});

/** Lines that begin with `hello/…` name the files of the blocks that follow them. */
function filesOfPack(): Map<string, string> {
  const files = new Map<string, string>();
  for (const line of README.matchAll(/^`hello\/.*$/gm)) {
    const names = [...line[0].matchAll(/`(hello\/[\w./]+)`/g)].map((match) => match[1] ?? '');
    const following = blocksOfReadme().filter((block) => block.at > line.index);
    names.forEach((name, index) => {
      files.set(name, following[index]?.text ?? '');
    });
  }
  return files;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
