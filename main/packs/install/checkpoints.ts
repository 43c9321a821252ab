/**
 * Every point at which an installation, an update, a rollback or a removal can be cut off, in their order. The tests kill
 * the app and fill the disk at each of them; nothing else takes notice.
 */
export const CHECKPOINTS = [
  // Up to here all is aside: what was there stays.
  'fetched',
  'checked',
  'dependencies-fetched',
  'virtualenv-built',
  'virtualenv-sealed',
  'record-written',
  'tree-synced',
  'links-made',
  // From here on a killed app finishes at its next start.
  'journal-written',
  'folder-moved',
  'link-switched',
  'all-switched',
  'journal-removed',
  'old-version-removed',
] as const;
export type CheckpointName = (typeof CHECKPOINTS)[number];
export type Checkpoint = (name: CheckpointName) => void;
