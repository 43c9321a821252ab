import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { text } from './rows.ts';

/** A packet of MQTT that was taken in, and whose publisher may not know that yet. */
export type KeptDelivery = {
  /** The MQTT user and client. */
  readonly publisher: string;
  /** The packet's identifier, which the client uses again for others. */
  readonly packet: number;
  /** Of topic and body. */
  readonly digest: string;
  /** What was made of it is known by this. */
  readonly receipt: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/** Few rows: what is surely acknowledged goes soon. */
export class DeliveryTable {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#put = database.prepare('INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM deliveries WHERE publisher = ? AND packet = ? AND receipt = ?');
  }

  put({ publisher, packet, digest, receipt, at }: KeptDelivery): void {
    this.#put.run(publisher, packet, digest, receipt, at);
  }

  /** Unless the packet's identifier has been used again. */
  delete({ publisher, packet, receipt }: KeptDelivery): void {
    this.#delete.run(publisher, packet, receipt);
  }

  /** The oldest first. */
  list(): KeptDelivery[] {
    return this.#database
      .prepare('SELECT * FROM deliveries ORDER BY at')
      .all()
      .map((row) => ({
        publisher: text(row, 'publisher'),
        packet: Number(row.packet),
        digest: text(row, 'digest'),
        receipt: text(row, 'receipt'),
        at: Number(row.at),
      }));
  }
}
