import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from './parse-values.ts';

/**
 * A secret from stdin, or from a person who is asked and whose typing is not shown. It never has to stand on the command
 * line, where other users and the shell's history would see it.
 */
export async function readSecret(name: string): Promise<string> {
  const secret = process.stdin.isTTY ? await askPerson(name) : await readAll();
  if (secret === '') throw new UsageError(`no value for \`${name}\` came on stdin`);
  return secret;
}

async function askPerson(name: string): Promise<string> {
  process.stderr.write(`value of ${name}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}

/** `echo secret |` ends with a newline that is not part of it. */
async function readAll(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += chunk;
  return text.replace(/\r?\n$/, '');
}
