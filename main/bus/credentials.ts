import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { PackRef, ResourceRef } from '../contract/refs.ts';
import { covers } from '../contract/topic-filter.ts';
import {
  datastoreTopic,
  isDatastoreTopic,
  sensorReportTopic,
  sensorTriggersTopic,
  TOPIC_ROOT,
} from '../contract/topics.ts';

/**
 * Who an MQTT client is: a sensor's or an action's process, somebody standing in for one pack at a terminal, the person, or a
 * device of theirs.
 */
export type Identity =
  | { readonly kind: 'sensor'; readonly sensor: ResourceRef; readonly pack: PackRef }
  | { readonly kind: 'action'; readonly execution: string; readonly pack: PackRef }
  | { readonly kind: 'pack'; readonly pack: PackRef }
  | { readonly kind: 'operator' }
  | { readonly kind: 'key'; readonly name: string; readonly topics: readonly string[] };

/** The keys that a person has made: they outlive the app's run, and their passwords are not known here. */
export type KeyLookup = (name: string, password: string) => { readonly topics: readonly string[] } | undefined;

export type Credential = { readonly username: string; readonly password: string };

/** Passwords of the running app's MQTT clients: made per process, kept in memory, gone with the app. */
export class Credentials {
  readonly #known = new Map<string, { password: Buffer; identity: Identity }>();
  readonly #findKey: KeyLookup;

  constructor(findKey: KeyLookup = () => undefined) {
    this.#findKey = findKey;
  }

  /** A new credential; an earlier one of the same identity no longer works, so a killed sensor's cannot be reused. */
  issue(identity: Identity): Credential {
    const username = usernameOf(identity);
    const password = randomBytes(24).toString('base64url');
    this.#known.set(username, { password: Buffer.from(password), identity });
    return { username, password };
  }

  /** The identity's present credential, or a new one: for terminals, which may be several at once. */
  share(identity: Identity): Credential {
    const username = usernameOf(identity);
    const known = this.#known.get(username);
    return known ? { username, password: known.password.toString() } : this.issue(identity);
  }

  check(username: string, password: string): Identity | undefined {
    const known = this.#known.get(username);
    if (!known) return this.#checkKey(username, password);
    const given = Buffer.from(password);
    if (known.password.length !== given.length) return undefined;
    return timingSafeEqual(known.password, given) ? known.identity : undefined;
  }

  revoke(identity: Identity): void {
    this.#known.delete(usernameOf(identity));
  }

  #checkKey(name: string, password: string): Identity | undefined {
    const key = this.#findKey(name, password);
    return key && { kind: 'key', name, topics: key.topics };
  }
}

export function usernameOf(identity: Identity): string {
  if (identity.kind === 'sensor') return `sensor:${identity.sensor}`;
  if (identity.kind === 'key') return identity.name;
  if (identity.kind === 'action') return `action:${identity.execution}`;
  return identity.kind === 'pack' ? `pack:${identity.pack}` : 'operator';
}

/**
 * A sensor publishes below its own pack's triggers, reports of itself, and nowhere else; an action publishes nothing. Whoever
 * stands for a pack may ask for the datastore, under the name of that very connection. The person may send any trigger, and
 * may use every topic that is not Stormlet's; a key has those of them that it was made for. What the engine announces nobody
 * else can forge.
 */
export function mayPublish(identity: Identity, topic: string, client: string): boolean {
  const ours = topic === TOPIC_ROOT || topic.startsWith(`${TOPIC_ROOT}/`);
  if (identity.kind === 'key') {
    return !ours && !topic.startsWith('$') && identity.topics.some((filter) => covers(filter, topic));
  }
  if (identity.kind === 'operator') return ours ? topic.startsWith(`${TOPIC_ROOT}/triggers/`) : !topic.startsWith('$');
  // Asked first, since the other makes a text, and a sensor's every event comes by here.
  if (isDatastoreTopic(topic)) return topic === datastoreTopic(identity.pack, client, 'request');
  if (identity.kind === 'action') return false;
  if (identity.kind === 'sensor' && topic === sensorReportTopic(identity.sensor)) return true;
  return topic.startsWith(`${TOPIC_ROOT}/triggers/${identity.pack}/`);
}

/**
 * Results may hold what is private to other packs, so only the person may listen; a pack's process only to what is said to it,
 * and a key to its topics. A filter that begins with a wildcard would take in the app's own.
 */
export function maySubscribe(identity: Identity, topic: string, client: string): boolean {
  if (identity.kind === 'key') {
    const isWide = ['+', '#', TOPIC_ROOT].includes(topic.split('/', 1)[0] ?? '');
    return !isWide && !topic.startsWith('$') && identity.topics.some((filter) => covers(filter, topic));
  }
  if (identity.kind === 'operator') return true;
  if (topic === datastoreTopic(identity.pack, client, 'response')) return true;
  return identity.kind === 'sensor' && topic === sensorTriggersTopic(identity.sensor);
}
