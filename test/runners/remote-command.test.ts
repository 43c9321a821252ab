import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { type RemoteCommand, remoteCommand, remoteScript } from '../../main/runners/remote-command.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What a host's shell would make of it, with a `sudo` that notes its options and its password and runs what follows. */
async function onHost(make: (folder: string) => Promise<RemoteCommand> | RemoteCommand) {
  await using folder = await tempFolder();
  const sudo = path.join(folder.path, 'sudo');
  const noted = path.join(folder.path, 'noted');
  await writeFile(
    sudo,
    `#!/bin/sh\nprintf '%s' "$1" > ${noted}\nif [ "$1" = -S ]; then IFS= read -r word; printf ' %s' "$word" >> ${noted}; fi\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n`,
  );
  await chmod(sudo, 0o755);
  const { command, input } = await make(folder.path);
  const env = { PATH: `${folder.path}${path.delimiter}${process.env.PATH ?? ''}`, HOME: folder.path };
  const end = await execa('sh', ['-c', command], { env, extendEnv: false, reject: false, input: input ?? '' });
  return {
    exitCode: end.exitCode,
    stdout: end.stdout,
    stderr: end.stderr,
    sudo: await readFile(noted, 'utf8').catch(() => undefined),
    left: (await readdir(folder.path)).filter((name) => name.startsWith('stormlet-')),
  };
}

const given = (folder: string, more: JsonObject = {}): JsonObject => ({ cwd: folder, ...more });

describe.skipIf(process.platform === 'win32')('a command', () => {
  const run = (cmd: string, more: JsonObject = {}) =>
    onHost((folder) => remoteCommand(cmd, given(folder, more), { V: `it's` }));

  test('without sudo runs as it is', async () => {
    expect(await run('echo "$V"')).toMatchObject({ exitCode: 0, stdout: `it's`, sudo: undefined });
  });

  test('with sudo runs whole as root, and sudo never asks', async () => {
    expect(await run('echo "$V"; echo $((1 + 1))', { sudo: true })).toMatchObject({ stdout: `it's\n2`, sudo: '-n' });
  });

  test('a password for sudo goes through stdin, and on no command line', async () => {
    const sudo_password = `pa's $s`;
    expect(await run('cat; echo done', { sudo: true, sudo_password })).toMatchObject({
      stdout: 'done',
      sudo: `-S ${sudo_password}`,
    });
    expect(remoteCommand('x', { sudo: true, sudo_password }, {}).command).not.toContain('pa');
  });

  test('its exit code is kept', async () => {
    expect((await run('exit 9', { sudo: true })).exitCode).toBe(9);
    expect((await run('exit 9')).exitCode).toBe(9);
  });
});

describe.skipIf(process.platform === 'win32')('a script', () => {
  const CODE = '#!/bin/sh\nprintf "%s|" "$0" "$@"; echo "$V"; pwd; cat\nexit 4\n';

  const run = (more: JsonObject = {}) =>
    onHost(async (folder) => {
      await using source = await tempFolder();
      await writeFile(path.join(source.path, 'act.sh'), CODE);
      await chmod(path.join(source.path, 'act.sh'), 0o755);
      const packed = await execa('tar', ['-czf', '-', '-C', source.path, 'act.sh'], { encoding: 'buffer' });
      const archive = Buffer.from(packed.stdout).toString('base64');
      const script = { folder: `${folder}/stormlet-1`, file: 'act.sh', args: ["it's", ''], archive };
      return remoteScript(script, given(folder, more), { V: 'v' });
    });

  test.each([
    ['as the person', {}, undefined],
    ['as root', { sudo: true }, '-n'],
    ['as root with a password', { sudo: true, sudo_password: 'open' }, '-S open'],
  ])(
    'runs %s with its arguments, an empty stdin and its exit code, and is gone afterwards',
    async (_who, more, sudo) => {
      const end = await run(more);
      expect(end).toMatchObject({ exitCode: 4, stderr: '', sudo, left: [] });
      expect(end.stdout).toMatch(/^\/\S+\/stormlet-1\/act\.sh\|it's\|\|v\n\/\S+$/);
    },
  );

  test('a folder that is not there runs nothing and leaves nothing', async () => {
    const end = await run({ cwd: '/no/such/folder' });
    expect(end).toMatchObject({ stdout: '', left: [] });
    expect(end.exitCode).not.toBe(0);
  });
});
