import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StormletError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/json.ts';
import { type RemoteHost, readHost, text } from './remote-parameters.ts';

/** How the person's own `ssh` is called for one action. Its configuration, agent and known hosts count; it never asks. */
export type SshConnection = AsyncDisposable & {
  /** Arguments up to and with the host. */
  args(host: RemoteHost): string[];
  /** To add to the environment of ssh. */
  readonly environment: Readonly<Record<string, string>>;
};

/** Throws a `user` fault for a key that is not there. Disposing it takes key and passphrase off the disk. */
export async function prepareSsh(given: JsonObject, platform: NodeJS.Platform): Promise<SshConnection> {
  const secret = text(given.password) ?? text(given.passphrase);
  if (secret !== undefined && platform === 'win32') throw noSecretsOnWindows();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stormlet-ssh-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const key = await keyFile(text(given.private_key), folder);
    const shared = sharedOptions(given, key, secret !== undefined);
    return {
      args: (host) => [
        ...shared,
        ...proxyOptions(text(given.bastion_host), given, shared),
        ...hostArguments(host, text(given.username)),
      ],
      environment: secret === undefined ? {} : await askpass(secret, folder),
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function sharedOptions(given: JsonObject, key: string | undefined, hasSecret: boolean): string[] {
  const byPassword = text(given.password) !== undefined;
  const options = [
    'LogLevel=ERROR',
    ...(hasSecret
      ? // What ssh asks is answered with the secret, so nothing may be asked but the secret: no question about a new host,
        // and no second try.
        ['BatchMode=no', 'StrictHostKeyChecking=yes', 'NumberOfPasswordPrompts=1', 'KbdInteractiveAuthentication=no']
      : ['BatchMode=yes']),
    ...(byPassword ? ['PreferredAuthentications=password', 'PubkeyAuthentication=no'] : []),
    ...(key === undefined || byPassword ? [] : ['IdentitiesOnly=yes', `IdentityFile="${key}"`]),
  ];
  return ['-T', ...options.flatMap((option) => ['-o', option])];
}

/** Not `-J`: that knows nothing of the key and the user that are meant for both connections. */
function proxyOptions(bastion: string | undefined, given: JsonObject, shared: readonly string[]): string[] {
  if (bastion === undefined) return [];
  const [, user, where = bastion] = /^(?:([^@]+)@)?(.+)$/.exec(bastion) ?? [];
  const host = readHost(where, undefined);
  const words = ['ssh', ...shared, '-W', '[%h]:%p', ...hostArguments(host, user ?? text(given.username))];
  return ['-o', `ProxyCommand=${words.map(proxyWord).join(' ')}`];
}

/** For a shell, and for ssh, which puts values in for `%h`. */
function proxyWord(word: string): string {
  return shellQuote(word === '[%h]:%p' ? word : word.replaceAll('%', '%%'));
}

function hostArguments({ name, port }: Pick<RemoteHost, 'name' | 'port'>, user: string | undefined): string[] {
  return [
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', name],
  ];
}

/** One word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function keyFile(key: string | undefined, folder: string): Promise<string | undefined> {
  if (key === undefined) return undefined;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) {
    const file = path.join(folder, 'key');
    await writeFile(file, key.endsWith('\n') ? key : `${key}\n`, { mode: 0o600 });
    return file;
  }
  const file = key.replace(/^~(?=[\\/])/, os.homedir());
  const isFile = await stat(file).then(
    (facts) => facts.isFile(),
    () => false,
  );
  if (isFile) return path.resolve(file);
  throw new StormletError({
    code: 'ssh/key-missing',
    kind: 'user',
    // Not the value: it may be a key that lost its first line.
    message: '`private_key` is neither a private key nor the path of one',
    hint: 'give the path of the key file, or all of its text',
  });
}

/** ssh asks a program for what it would ask a person. The secret is in the environment of ssh alone, and on no disk. */
async function askpass(secret: string, folder: string): Promise<Record<string, string>> {
  const file = path.join(folder, 'askpass');
  await writeFile(file, '#!/bin/sh\nprintf \'%s\\n\' "$STORMLET_SSH_SECRET"\n', { mode: 0o700 });
  await chmod(file, 0o700);
  return { SSH_ASKPASS: file, SSH_ASKPASS_REQUIRE: 'force', STORMLET_SSH_SECRET: secret };
}

function noSecretsOnWindows(): StormletError {
  return new StormletError({
    code: 'ssh/secret-refused',
    kind: 'user',
    message: 'on Windows a password or passphrase cannot be handed to `ssh` safely',
    hint: 'use a key that the ssh agent holds: `ssh-add`',
  });
}
