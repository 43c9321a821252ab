/** The datastore as templates see it. `read` gives undefined for a key that is not there. */
export type DatastoreReader = {
  read(scope: DatastoreScope, key: string): string | undefined;
  /** The plain text of an encrypted value, for `decrypt_kv`. */
  decrypt(text: string): string;
};
export type DatastoreScope = 'system' | 'user';
