import { existsSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealWithKey } from '../../main/store/seal.ts';
import { type Keychain, openSecretKey } from '../../main/store/secret-key.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Writes backwards, and forgets how where it is told to. */
function fakeKeychain(given: Partial<Keychain> = {}): Keychain {
  const backwards = (text: string) => [...text].reverse().join('');
  return {
    isWanted: true,
    seal: async (text) => Buffer.from(backwards(text)),
    open: async (sealed) => ({ text: backwards(sealed.toString()), isStale: false }),
    ...given,
  };
}

async function keyFolder() {
  const folder = await tempFolder();
  const file = path.join(folder.path, 'data', 'secret.key');
  const forms = () => [existsSync(file), existsSync(`${file}.sealed`)];
  return { file, sealed: `${file}.sealed`, forms, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

const PLAIN = [true, false];
const SEALED = [false, true];

describe('without a keychain', () => {
  test('the key is made once, in a file of this account only', async () => {
    await using keys = await keyFolder();
    const first = sealWithKey(await openSecretKey(keys.file)).seal('x');
    expect(sealWithKey(await openSecretKey(keys.file)).open(first)).toBe('x');
    expect(keys.forms()).toEqual(PLAIN);
    if (process.platform !== 'win32') expect(statSync(keys.file).mode & 0o777).toBe(0o600);
  });

  test('a key that lies in one is not replaced, but asked back for', async () => {
    await using keys = await keyFolder();
    await openSecretKey(keys.file, fakeKeychain());
    await expect(openSecretKey(keys.file)).rejects.toMatchObject({
      code: 'secrets/key-in-keychain',
      hint: expect.stringContaining('desktop.secretKey'),
    });
    expect(keys.forms()).toEqual(SEALED);
  });
});

describe('with a keychain', () => {
  test('a new key lies in it alone, and is the same at the next start', async () => {
    await using keys = await keyFolder();
    const key = await openSecretKey(keys.file, fakeKeychain());
    expect(keys.forms()).toEqual(SEALED);
    expect(await openSecretKey(keys.file, fakeKeychain())).toEqual(key);
    expect(await readFile(keys.sealed, 'utf8')).not.toContain(key.toString('base64'));
  });

  test('the key of a file moves into it, and back where that is wanted; no secret is lost', async () => {
    await using keys = await keyFolder();
    const key = await openSecretKey(keys.file);
    expect(await openSecretKey(keys.file, fakeKeychain())).toEqual(key);
    expect(keys.forms()).toEqual(SEALED);
    expect(await openSecretKey(keys.file, fakeKeychain({ isWanted: false }))).toEqual(key);
    expect(keys.forms()).toEqual(PLAIN);
    expect(await openSecretKey(keys.file)).toEqual(key);
  });

  test('a cut in the middle leaves a key that counts', async () => {
    await using keys = await keyFolder();
    const key = await openSecretKey(keys.file);
    await writeFile(keys.sealed, 'half of');
    expect(await openSecretKey(keys.file, fakeKeychain())).toEqual(key);
    expect(keys.forms()).toEqual(SEALED);
    expect(await openSecretKey(keys.file, fakeKeychain())).toEqual(key);
  });

  test('that gives back something else, or nothing, the file keeps its key', async () => {
    await using keys = await keyFolder();
    const key = await openSecretKey(keys.file);
    const liar = fakeKeychain({ open: async () => ({ text: 'something else', isStale: false }) });
    await expect(openSecretKey(keys.file, liar)).rejects.toMatchObject({ code: 'secrets/keychain-refused' });
    expect(keys.forms()).toEqual(PLAIN);
    expect(await openSecretKey(keys.file)).toEqual(key);
  });

  test('that is locked is told, and nothing is made anew', async () => {
    await using keys = await keyFolder();
    const key = await openSecretKey(keys.file, fakeKeychain());
    const locked = fakeKeychain({ open: () => Promise.reject(new Error('it is locked')) });
    await expect(openSecretKey(keys.file, locked)).rejects.toMatchObject({
      code: 'secrets/keychain-refused',
      hint: expect.stringContaining('unlock'),
    });
    expect(await openSecretKey(keys.file, fakeKeychain())).toEqual(key);
  });

  test('whose own key was changed gets the key sealed anew', async () => {
    await using keys = await keyFolder();
    const key = await openSecretKey(keys.file, fakeKeychain());
    const changed = fakeKeychain({
      seal: async (text) => Buffer.from(`new ${text}`),
      open: async (sealed) => {
        const text = sealed.toString();
        const isNew = text.startsWith('new ');
        return { text: isNew ? text.slice(4) : [...text].reverse().join(''), isStale: !isNew };
      },
    });
    expect(await openSecretKey(keys.file, changed)).toEqual(key);
    expect(await readFile(keys.sealed, 'utf8')).toMatch(/^new /);
    expect(await openSecretKey(keys.file, changed)).toEqual(key);
  });
});

test('a file that holds no key is told, and left alone', async () => {
  await using keys = await keyFolder();
  await openSecretKey(keys.file);
  await writeFile(keys.file, 'c2hvcnQ=');
  await expect(openSecretKey(keys.file)).rejects.toMatchObject({ code: 'secrets/key-damaged' });
  expect(await readFile(keys.file, 'utf8')).toBe('c2hvcnQ=');
});
