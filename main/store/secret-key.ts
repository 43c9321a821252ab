import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { StormletError } from '../contract/errors.ts';
import { writeFileAtomic } from '../kit/atomic-file.ts';

/** The system's keychain, as a host may have one. */
export interface Keychain {
  /** Whether the key shall lie in it, or be taken back out of it into a file. */
  readonly isWanted: boolean;
  seal(text: string): Promise<Buffer>;
  /** `isStale`: it has to be sealed anew, for example after a change of the system's own key. */
  open(sealed: Buffer): Promise<{ readonly text: string; readonly isStale: boolean }>;
}

const KEY_BYTES = 32;

/**
 * The key that secrets are sealed with. It lies in `file`, for this account only, or beside it in a form that only the
 * keychain can open, and moves from one to the other as is wanted. Whatever is written is read back before the other form
 * goes: a cut in between leaves both, of which the plain one counts.
 */
export async function openSecretKey(file: string, keychain?: Keychain): Promise<Buffer> {
  const sealedFile = `${file}.sealed`;
  if (existsSync(file)) {
    const key = checked(Buffer.from(await readFile(file, 'utf8'), 'base64'), file);
    if (keychain?.isWanted) await moveIntoKeychain(key, file, sealedFile, keychain);
    return key;
  }
  if (existsSync(sealedFile)) return openSealed(file, sealedFile, keychain);
  const key = randomBytes(KEY_BYTES);
  if (keychain?.isWanted) await moveIntoKeychain(key, file, sealedFile, keychain);
  else await writePlain(key, file);
  return key;
}

async function openSealed(file: string, sealedFile: string, keychain: Keychain | undefined): Promise<Buffer> {
  if (!keychain) throw inKeychain(sealedFile);
  const { text, isStale } = await keychain.open(await readFile(sealedFile)).catch((cause: unknown) => {
    throw refused(sealedFile, cause);
  });
  const key = checked(Buffer.from(text, 'base64'), sealedFile);
  if (!keychain.isWanted) {
    await writePlain(key, file);
    await rm(sealedFile);
  } else if (isStale) await moveIntoKeychain(key, file, sealedFile, keychain);
  return key;
}

async function moveIntoKeychain(key: Buffer, file: string, sealedFile: string, keychain: Keychain): Promise<void> {
  const text = key.toString('base64');
  const sealed = await keychain.seal(text);
  const back = await keychain.open(sealed);
  // A keychain that does not give back what it got would lose every secret.
  if (back.text !== text) throw refused(sealedFile, new Error('it gave back something else'));
  await writeSealed(sealedFile, sealed);
  await rm(file, { force: true });
}

async function writePlain(key: Buffer, file: string): Promise<void> {
  await writeFileAtomic(file, key.toString('base64'), 0o600);
}

async function writeSealed(file: string, sealed: Buffer): Promise<void> {
  await writeFileAtomic(file, sealed, 0o600);
}

function checked(key: Buffer, file: string): Buffer {
  if (key.length === KEY_BYTES) return key;
  throw new StormletError({
    code: 'secrets/key-damaged',
    kind: 'environment',
    message: `${file}: this is no key of secrets`,
    hint: 'bring the file back from a backup; without it, saved secrets have to be entered anew once it is removed',
  });
}

function inKeychain(file: string): StormletError {
  return new StormletError({
    code: 'secrets/key-in-keychain',
    kind: 'user',
    message: `${file}: the key of your secrets is in the keychain of the desktop, which cannot be asked without one`,
    hint: 'in the desktop app set `desktop.secretKey` to `file`, and start that once more before this one',
  });
}

function refused(file: string, cause: unknown): StormletError {
  const fault = {
    code: 'secrets/keychain-refused',
    kind: 'environment',
    message: `${file}: the keychain did not open the key of your secrets`,
    hint: 'unlock the keychain of your desktop, and start Stormlet again',
  } as const;
  return new StormletError(fault, { cause });
}
