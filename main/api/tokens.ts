import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey, CreatedApiKey } from '../contract/api.ts';
import { StormletError } from '../contract/errors.ts';
import { type Clock, isoTime } from '../kit/clock.ts';

/** Who asks, as the token tells. `process`: an action or a sensor of a pack. */
export type Identity = {
  readonly kind: 'process' | 'key' | 'session' | 'nobody';
  /** The execution or sensor, or the key's id. */
  readonly of: string;
  readonly expiresAt?: number | undefined;
};

export const NOBODY: Identity = { kind: 'nobody', of: '' };

/** Where API keys are kept: by the hash of what is shown. */
export type ApiKeyStore = {
  insert(key: ApiKey, hash: string): void;
  list(): ApiKey[];
  byHash(hash: string): ApiKey | undefined;
  setUsed(id: string, at: string): void;
  setEnabled(id: string, enabled: boolean): ApiKey | undefined;
  delete(id: string): boolean;
};

/**
 * What lets a program in: a key that a person made, a session that was begun with one, or the token that each process of
 * a pack finds in its environment. A token ends with its process, and none of this run outlives it.
 */
export class Tokens {
  readonly #keys: ApiKeyStore;
  readonly #clock: Clock;
  readonly #byHash = new Map<string, Identity>();
  readonly #ofProcess = new Map<string, string>();

  constructor(deps: { readonly keys: ApiKeyStore; readonly clock: Clock }) {
    this.#keys = deps.keys;
    this.#clock = deps.clock;
  }

  /** For a process of a pack, under the id of its execution or sensor. The same until it is revoked. */
  forProcess(of: string): string {
    const known = this.#ofProcess.get(of);
    if (known !== undefined) return known;
    const token = newToken();
    this.#ofProcess.set(of, token);
    this.#byHash.set(hashOf(token), { kind: 'process', of });
    return token;
  }

  revoke(of: string): void {
    const token = this.#ofProcess.get(of);
    if (token === undefined) return;
    this.#ofProcess.delete(of);
    this.#byHash.delete(hashOf(token));
  }

  /** A token that stands for a key for some time, as StackStorm's scripts log in. */
  beginSession(key: string, seconds: number): { readonly token: string; readonly expiresAt: number } | undefined {
    const identity = this.identify(key);
    if (identity?.kind !== 'key') return undefined;
    this.#endOldSessions();
    const token = newToken();
    const expiresAt = this.#clock.now() + seconds * 1000;
    this.#byHash.set(hashOf(token), { kind: 'session', of: identity.of, expiresAt });
    return { token, expiresAt };
  }

  /** Undefined for what lets nobody in. */
  identify(shown: string): Identity | undefined {
    const hash = hashOf(shown);
    const known = this.#byHash.get(hash);
    if (known) return this.#isOver(known) ? undefined : known;
    const key = this.#keys.byHash(hash);
    if (!key?.enabled) return undefined;
    this.#noteUse(key);
    return { kind: 'key', of: key.id };
  }

  listKeys(): ApiKey[] {
    return this.#keys.list();
  }

  createKey(name: string): CreatedApiKey {
    const key = newToken();
    const kept: ApiKey = { id: randomUUID(), name, createdAt: isoTime(this.#clock), enabled: true };
    this.#keys.insert(kept, hashOf(key));
    return { ...kept, key };
  }

  setKeyEnabled(id: string, enabled: boolean): ApiKey {
    return this.#keys.setEnabled(id, enabled) ?? unknownKey(id);
  }

  deleteKey(id: string): void {
    if (!this.#keys.delete(id)) unknownKey(id);
  }

  /** A session ends with its time, and with the key that it was begun with. */
  #isOver({ kind, of, expiresAt }: Identity): boolean {
    if (expiresAt !== undefined && expiresAt <= this.#clock.now()) return true;
    return kind === 'session' && !this.#keys.list().some(({ id, enabled }) => id === of && enabled);
  }

  #endOldSessions(): void {
    for (const [hash, identity] of this.#byHash) if (this.#isOver(identity)) this.#byHash.delete(hash);
  }

  /** To the minute: a script that asks all the time does not write all the time. */
  #noteUse({ id, lastUsedAt }: ApiKey): void {
    const now = this.#clock.now();
    if (lastUsedAt === undefined || now - Date.parse(lastUsedAt) > 60_000) this.#keys.setUsed(id, isoTime(this.#clock));
  }
}

/** Every form in which StackStorm takes a token or a key, in headers or in the address. */
export function shownToken(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const given = [headers['x-auth-token'], headers['st2-api-key'], bearer].flat();
  return (
    [...given, query.get('x-auth-token'), query.get('st2-api-key')].find(
      (text) => text !== undefined && text !== null && text !== '',
    ) ?? undefined
  );
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Long random texts need no slow hash. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function unknownKey(id: string): never {
  const hint = 'see the ids with `stormlet api-key list`';
  throw new StormletError({ code: 'api-key/unknown', kind: 'user', message: `there is no API key \`${id}\``, hint });
}
