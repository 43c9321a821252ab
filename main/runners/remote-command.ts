import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { text } from './remote-parameters.ts';
import { shellQuote } from './ssh-connection.ts';

/** What is given to the shell of the host, and to its stdin. */
export type RemoteCommand = { readonly command: string; readonly input: string | undefined };

/** A command line, in the login shell of the person there; in bash with sudo. */
export function remoteCommand(
  cmd: string,
  given: JsonObject,
  variables: Readonly<Record<string, string>>,
): RemoteCommand {
  // The line end lets the command line end in a comment, the braces hold all of it behind the `cd`.
  const whole = `${prelude(given, variables)} && {\n${cmd}\n}`;
  if (given.sudo !== true) return { command: whole, input: undefined };
  const password = text(given.sudo_password);
  return {
    command: `${sudo(password)} -- bash -c ${shellQuote(whole)}`,
    input: password === undefined ? undefined : `${password}\n`,
  };
}

export type RemoteScript = {
  /** A folder of its own on the host, gone when the script is over. */
  readonly folder: string;
  /** Inside that folder. */
  readonly file: string;
  readonly args: readonly string[];
  /** The folder's content, as gzipped tar in base64: text passes through everything that is between here and there. */
  readonly archive: string;
};

/** A script that is sent along. One connection does it all, so nothing is left behind when it breaks. */
export function remoteScript(
  script: RemoteScript,
  given: JsonObject,
  variables: Readonly<Record<string, string>>,
): RemoteCommand {
  const folder = shellQuote(script.folder);
  const run = [`${script.folder}/${script.file}`, ...script.args].map(shellQuote).join(' ');
  const whole = `${prelude(given, variables)} && exec ${run}`;
  const password = given.sudo === true ? text(given.sudo_password) : undefined;
  const asRoot = `${sudo(password)} -- bash -c ${shellQuote(whole)}`;
  const start = given.sudo === true ? asRoot : `sh -c ${shellQuote(whole)}`;
  const lines = [
    // sudo's password is the first line; the archive is all the rest.
    ...(password === undefined ? [] : ['IFS= read -r password']),
    `mkdir -p ${folder} && chmod 700 ${folder} && base64 -d | tar -xzf - -C ${folder} || exit 1`,
    `trap 'rm -rf ${script.folder.replaceAll("'", "'\\''")}' EXIT`,
    password === undefined ? `${start} </dev/null` : `printf '%s\\n' "$password" | ${start}`,
  ];
  return {
    // Not the login shell: this one is known to understand it.
    command: `sh -c ${shellQuote(lines.join('\n'))}`,
    input: `${password === undefined ? '' : `${password}\n`}${script.archive}\n`,
  };
}

function prelude(given: JsonObject, variables: Readonly<Record<string, string>>): string {
  const own: JsonObject = isJsonObject(given.env) ? given.env : {};
  const texts = Object.entries(own).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  const exports = Object.entries({ ...variables, ...Object.fromEntries(texts) })
    // A name that is none would be read as something else.
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `${name}=${shellQuote(value)}`);
  return `export ${exports.join(' ')} && cd ${shellQuote(text(given.cwd) ?? '/tmp')}`;
}

function sudo(password: string | undefined): string {
  return password === undefined ? 'sudo -n' : "sudo -S -p ''";
}
