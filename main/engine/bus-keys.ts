import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Broker } from '../bus/broker.ts';
import type { BusKey, CreatedBusKey } from '../contract/bus.ts';
import { StormletError } from '../contract/errors.ts';
import { type Clock, isoTime } from '../kit/clock.ts';
import type { BusKeyTable } from '../store/bus-key-table.ts';

/** Credentials of the broker that outlive the app's run, for programs and devices of the person. */
export class BusKeys {
  readonly #table: BusKeyTable;
  readonly #broker: Pick<Broker, 'url' | 'disconnect'>;
  readonly #clock: Clock;

  constructor(deps: {
    readonly table: BusKeyTable;
    readonly broker: Pick<Broker, 'url' | 'disconnect'>;
    readonly clock: Clock;
  }) {
    this.#table = deps.table;
    this.#broker = deps.broker;
    this.#clock = deps.clock;
  }

  list(): BusKey[] {
    return this.#table.list().map(({ name, topics, createdAt }) => ({ name, topics, createdAt }));
  }

  create(name: string, topics: readonly string[]): CreatedBusKey {
    const password = randomBytes(24).toString('base64url');
    const key = { name, topics: [...topics], createdAt: isoTime(this.#clock) };
    if (!this.#table.insert({ ...key, hash: hashOf(password) })) {
      throw new StormletError({
        code: 'bus/key-exists',
        kind: 'user',
        message: `there is a bus key \`${name}\` already`,
        hint: `delete it first with \`stormlet bus-key delete ${name}\``,
      });
    }
    const url = new URL(this.#broker.url);
    url.username = name;
    url.password = password;
    return { ...key, password, url: url.href };
  }

  /** Whoever is connected with it is disconnected. */
  delete(name: string): void {
    if (!this.#table.delete(name)) {
      throw new StormletError({
        code: 'bus/key-unknown',
        kind: 'user',
        message: `there is no bus key \`${name}\``,
        hint: 'see the names with `stormlet bus-key list`',
      });
    }
    this.#broker.disconnect(name);
  }
}

/** For the broker: the topics of the key, when the password is its own. */
export function findBusKey(table: BusKeyTable, name: string, password: string): BusKey | undefined {
  const key = table.get(name);
  return key && timingSafeEqual(Buffer.from(key.hash), Buffer.from(hashOf(password))) ? key : undefined;
}

/** A password of 24 random bytes cannot be guessed, so a fast hash without a salt keeps it as well as a slow one. */
function hashOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
