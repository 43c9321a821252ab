import { DatabaseSync } from 'node:sqlite';
import { COMPLETED_STATUSES } from '../contract/executions.ts';

/** In a copy of the history nothing is under way: what was would otherwise run once more where the copy is opened. */
export function settleCopy(file: string): void {
  const completed = COMPLETED_STATUSES.map((status) => `'${status}'`).join(', ');
  const database = new DatabaseSync(file);
  try {
    database.exec(
      `UPDATE executions SET status = 'abandoned', pid = NULL, sealed_parameters = NULL WHERE status NOT IN (${completed});
       UPDATE trigger_instances SET status = 'processing_failed' WHERE status = 'pending';`,
    );
  } finally {
    database.close();
  }
}
