import { hash } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { newId } from '../kit/new-id.ts';
import type { DeliveryTable, KeptDelivery } from '../store/delivery-table.ts';
import type { GroupCommit } from '../store/group-commit.ts';

/** One packet of a client at QoS 1 or 2, as MQTT tells them apart. */
export type Delivery = {
  readonly publisher: Publisher;
  /** The packet's identifier: of one client, until it is acknowledged. */
  readonly packet: number;
  readonly qos: number;
  /** The client says that it may have sent it before (DUP). */
  readonly again: boolean;
};

/** A client by its user name and id, in the connection that it has now. */
export type Publisher = { readonly user: string; readonly client: string; readonly connection: number };

export type DeliveriesDeps = {
  readonly table: DeliveryTable;
  readonly groupCommit: GroupCommit;
  readonly clock: Clock;
  readonly log: Log;
};

type Known = KeptDelivery & {
  /** By which it came last; 0 for one of an earlier run of the app. */
  readonly connection: number;
  /** At QoS 2 until its client has released it. */
  readonly isHeld: boolean;
};
type Heard = { readonly connection: number; at: number; readonly provenUntil: number };

/** A client that goes on speaking for so long after it was acknowledged has got that, since one connection keeps its order. */
const PROVEN_AFTER_MS = 30_000;
const SWEEP_MS = 30_000;
/** Who does not come back in a week does not come back. */
const LONGEST_MS = 7 * 86_400_000;
/** Of all clients; the oldest go. */
const MOST_KNOWN = 50_000;
const MOST_PUBLISHERS = 10_000;

/**
 * What clients of MQTT send again because they did not learn that it had arrived. Each packet has a receipt; one that comes
 * again has the receipt of the first time, and what is made of it the same id, so that it is recorded once. A packet's identifier is soon used
 * again, so a packet counts as known only while its client may really not have learnt of it: a false match would lose an event,
 * a missed one makes two of it, which is what QoS 1 allows. It is kept on disk together with the event, for the app may end in between.
 */
export class Deliveries implements Disposable {
  readonly #deps: DeliveriesDeps;
  readonly #known = new Map<string, Known>();
  readonly #heard = new Map<string, Heard>();
  #callOff: (() => void) | undefined;

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
    for (const kept of deps.table.list()) this.#known.set(keyOf(kept), { ...kept, connection: 0, isHeld: false });
    if (this.#known.size > 0) this.#arm();
  }

  /**
   * The receipt of this packet. What is written with `groupCommit` in the same tick is on disk together with it.
   */
  receipt({ publisher: from, packet, qos, again }: Delivery, topic: string, body: Buffer): string {
    const heard = this.#hear(from);
    const publisher = nameOf(from);
    const key = keyOf({ publisher, packet });
    const digest = hash('sha1', Buffer.concat([Buffer.from(`${topic}\0`), body]), 'base64');
    const known = this.#known.get(key);
    const at = this.#deps.clock.now();
    if (known && isSame(known, { digest, again, qos, connection: from.connection }, heard)) {
      this.#known.set(key, { ...known, at, connection: from.connection });
      return known.receipt;
    }
    const receipt = newId();
    this.#keep({ publisher, packet, digest, receipt, at, connection: from.connection, isHeld: qos === 2 });
    return receipt;
  }

  /** Told of whatever else a client sends. */
  isAlive(publisher: Publisher): void {
    // Most never publish anything that is kept here.
    if (this.#heard.has(nameOf(publisher))) this.#hear(publisher);
  }

  /** It took its leave, and so knows what has arrived. */
  left(publisher: Publisher): void {
    const name = nameOf(publisher);
    if (this.#heard.delete(name)) this.#forget([...this.#known.values()].filter((known) => known.publisher === name));
  }

  /** The last word on a packet of QoS 2: its identifier is free. */
  released(publisher: Publisher, packet: number): void {
    const known = this.#known.get(keyOf({ publisher: nameOf(publisher), packet }));
    if (known) this.#forget([known]);
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
  }

  #hear(from: Publisher): Heard {
    const name = nameOf(from);
    const now = this.#deps.clock.now();
    const before = this.#heard.get(name);
    if (before?.connection === from.connection) {
      before.at = now;
      return before;
    }
    const provenUntil = before ? Math.max(before.provenUntil, before.at - PROVEN_AFTER_MS) : 0;
    const heard = { connection: from.connection, at: now, provenUntil };
    this.#heard.delete(name);
    this.#heard.set(name, heard);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MOST_PUBLISHERS) break;
      this.#heard.delete(oldest);
    }
    return heard;
  }

  #keep(known: Known): void {
    const key = keyOf(known);
    this.#known.delete(key);
    this.#known.set(key, known);
    this.#write(() => this.#deps.table.put(known));
    if (this.#known.size > MOST_KNOWN) this.#forget([...this.#known.values()].slice(0, MOST_KNOWN / 100));
    this.#arm();
  }

  #forget(known: readonly Known[]): void {
    if (known.length === 0) return;
    for (const each of known) this.#known.delete(keyOf(each));
    this.#write(() => {
      for (const each of known) this.#deps.table.delete(each);
    });
  }

  /** Nobody waits for it: whoever is to be acknowledged waits for the event, which fails or is flushed with it. */
  #write(work: () => void): void {
    const { groupCommit, log } = this.#deps;
    groupCommit.commit(work).catch((error) => log.debug('a delivery could not be noted', { error }));
  }

  #arm(): void {
    this.#callOff ??= this.#deps.clock.after(SWEEP_MS, () => {
      this.#callOff = undefined;
      const all = [...this.#known.values()];
      const longAgo = this.#deps.clock.now() - LONGEST_MS;
      this.#forget(all.filter((known) => known.at < longAgo || isProven(known, this.#heard.get(known.publisher))));
      if (this.#known.size > 0) this.#arm();
    });
  }
}

type Come = Pick<Delivery, 'again' | 'qos'> & Pick<Known, 'digest' | 'connection'>;

function isSame(known: Known, { again, qos, digest, connection }: Come, heard: Heard): boolean {
  // An identifier at QoS 2 stands for one message until it is released, whatever else the packet says (MQTT-4.3.3-2).
  if (qos === 2 && known.isHeld && known.connection === connection) return true;
  if (!again || known.digest !== digest) return false;
  return known.connection === connection || !isProven(known, heard);
}

/** Whether its client has surely learnt that it arrived. */
function isProven(known: Known, heard: Heard | undefined): boolean {
  if (!heard) return false;
  if (known.connection !== heard.connection) return known.at < heard.provenUntil;
  return !known.isHeld && known.at < heard.at - PROVEN_AFTER_MS;
}

function nameOf({ user, client }: Publisher): string {
  return `${user}\0${client}`;
}

function keyOf({ publisher, packet }: Pick<KeptDelivery, 'publisher' | 'packet'>): string {
  return `${publisher}\0${packet}`;
}
