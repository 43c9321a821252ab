/**
 * Room in a warm interpreter's memory, into which each of its processes writes what `ps` and /proc are to show of it: its
 * command line and the id of its execution, by which all that an action left behind is found.
 */
export const roomForMarks = {
  argument: ' '.repeat(700),
  environment: { STORMLET_EXECUTION_ID: '0'.repeat(36) },
} as const;
