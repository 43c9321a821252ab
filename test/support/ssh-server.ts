import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

export type SshServer = AsyncDisposable & {
  readonly port: number;
  readonly folder: string;
  /** A key that the server accepts, one with a passphrase that it accepts too, and one that it does not. */
  readonly key: string;
  readonly lockedKey: string;
  readonly strangeKey: string;
  readonly passphrase: string;
  /** For whoever calls `ssh`: this server is known, and nothing of the person's own configuration counts. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same, where the server is not known. */
  readonly stranger: Readonly<Record<string, string>>;
};

const USER = os.userInfo().username;

/** A real sshd on loopback, with keys of its own, for whoever runs the tests to log in as themselves. */
export async function startSshServer(sshd: string): Promise<SshServer> {
  const temp = await tempFolder();
  const folder = temp.path;
  const inFolder = (name: string) => path.join(folder, name);
  const passphrase = 'open s3same';
  await Promise.all([
    makeKey(inFolder('host'), ''),
    makeKey(inFolder('key'), ''),
    makeKey(inFolder('locked'), passphrase),
    makeKey(inFolder('strange'), ''),
  ]);
  const publicKeys = await Promise.all(['key', 'locked'].map((name) => readFile(inFolder(`${name}.pub`), 'utf8')));
  await writeFile(inFolder('authorized_keys'), publicKeys.join(''));
  const port = await freePort();
  await writeFile(inFolder('sshd_config'), serverConfig(folder, port));
  // The system's own service makes this folder; where none runs, root has to.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const server = spawn(sshd, ['-D', '-e', '-f', inFolder('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr?.on('data', (text) => (said += String(text)));
  await until('sshd listens', async () => {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    return answers(port);
  });
  const hostKey = (await readFile(inFolder('host.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
  const known = `[127.0.0.1]:${port} ${hostKey}\n[localhost]:${port} ${hostKey}\n`;
  return {
    port,
    folder,
    key: inFolder('key'),
    lockedKey: inFolder('locked'),
    strangeKey: inFolder('strange'),
    passphrase,
    environment: await sshEnvironment(inFolder('known'), known),
    stranger: await sshEnvironment(inFolder('unknown'), ''),
    async [Symbol.asyncDispose]() {
      await ended(server);
      await temp[Symbol.asyncDispose]();
    },
  };
}

async function makeKey(file: string, passphrase: string): Promise<void> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
}

function serverConfig(folder: string, port: number): string {
  return `
ListenAddress 127.0.0.1
Port ${port}
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized_keys
AllowUsers ${USER}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
PerSourceMaxStartups 100
MaxStartups 100
`;
}

/**
 * A `PATH` on which `ssh` reads a configuration of ours: ssh takes a person's home from the system and not from `HOME`, so
 * nothing else keeps it away from theirs.
 */
async function sshEnvironment(folder: string, known: string): Promise<Record<string, string>> {
  await mkdir(folder);
  await writeFile(path.join(folder, 'known_hosts'), known);
  const config = path.join(folder, 'config');
  await writeFile(config, `UserKnownHostsFile ${folder}/known_hosts\nGlobalKnownHostsFile none\nIdentityAgent none\n`);
  const ssh = path.join(folder, 'ssh');
  const real = (await execa('sh', ['-c', 'command -v ssh'])).stdout.trim();
  await writeFile(ssh, `#!/bin/sh\nexec '${real}' -F '${config}' "$@"\n`);
  await chmod(ssh, 0o755);
  return { PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}`, HOME: folder };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
}
