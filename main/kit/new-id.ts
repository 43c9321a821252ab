import { randomUUID } from 'node:crypto';

/**
 * An id for what is kept in history: a UUID that begins with its time (version 7, RFC 9562). New rows then lie side by side in
 * the index of ids; random ones would each change a page of their own, and a storm would write ten times as much.
 */
export function newId(): string {
  const ms = Date.now().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`;
}
