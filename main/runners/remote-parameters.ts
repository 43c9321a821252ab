import { StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';

/** What both remote runners take, under StackStorm's names. */
export const REMOTE_PARAMETERS: ParameterSpecs = {
  hosts: {
    type: 'string',
    required: true,
    description: 'Host names, by commas; a port may follow a colon. Names of your ssh configuration count too.',
  },
  username: { type: 'string', description: 'Whom to log in as; by default as your ssh configuration says.' },
  private_key: {
    type: 'string',
    secret: true,
    description: 'A private key, or the path of one; by default your own keys.',
  },
  passphrase: { type: 'string', secret: true, description: 'Passphrase of the private key.' },
  password: { type: 'string', secret: true, description: 'Password to log in with. A key is the better way.' },
  port: { type: 'integer', description: 'Port, where a host names none.' },
  bastion_host: { type: 'string', description: 'A host to go through, with the same user and key.' },
  cwd: { type: 'string', default: '/tmp', description: 'Folder to run in on the host.' },
  dir: { type: 'string', default: '/tmp', description: 'Folder on the host that a script is copied to while it runs.' },
  env: { type: 'object', description: 'Environment variables to add, by name.' },
  sudo: {
    type: 'boolean',
    default: false,
    description: 'Run as root through sudo, which must not ask for a password.',
  },
  sudo_password: { type: 'string', secret: true, description: 'Password for sudo, where it asks for one.' },
  parallel: { type: 'boolean', default: true, description: 'All hosts at once, or one after another.' },
  kwarg_op: { type: 'string', default: '--', description: 'What named arguments of a script begin with.' },
  timeout: { type: 'integer', default: 60, description: 'Seconds after which the action is stopped.' },
};

export const REMOTE_COMMAND_PARAMETERS: ParameterSpecs = {
  cmd: { type: 'string', required: true, description: 'The command line to run.' },
  ...REMOTE_PARAMETERS,
};

export type RemoteHost = {
  /** Its key in the result: the name alone where that says which one it is. */
  readonly label: string;
  readonly name: string;
  readonly port: number | undefined;
};

/** `a.example, b.example:2222`. Throws a `user` fault where it names no host, or something that is none. */
export function readHosts(given: JsonObject): RemoteHost[] {
  const words = String(given.hosts ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw badHosts('no host is named');
  const fallback = typeof given.port === 'number' ? given.port : undefined;
  const read = words.map((word) => ({ word, ...readHost(word, fallback) }));
  const names = read.map(({ name }) => name);
  return read.map(({ word, name, port }) => ({
    label: names.filter((other) => other === name).length > 1 ? word : name,
    name,
    port,
  }));
}

export function readHost(word: string, fallback: number | undefined): { name: string; port: number | undefined } {
  // An IPv6 address has colons of its own, so its port needs brackets around it.
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+|[^[\]]*:[^[\]]*:[^[\]]*?))(?::(\d+))?$/.exec(word) ?? [];
  const name = bracketed ?? plain ?? '';
  // What begins with a dash would be an option to ssh.
  if (name === '' || /^-|[\s'"`$\\;&|<>]/.test(name)) throw badHosts(`this is no host: \`${word}\``);
  return { name, port: port === undefined ? fallback : Number(port) };
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function badHosts(message: string): StormletError {
  const hint = 'write `hosts` as `one.example,two.example:2222`';
  return new StormletError({ code: 'ssh/hosts-invalid', kind: 'user', message, hint });
}
