import path from 'node:path';
import { Expressions } from '../expressions/renderer.ts';
import { ExpressionsService } from '../expressions/service-client.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { BaseEnvironment } from '../packs/virtualenvs/base-environment.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { startLineProcess } from '../supervisor/line-process.ts';

/** Templates: answered here where they are plain, else by Jinja itself in a process of the base environment. */
export type ExpressionParts = { readonly expressions: Expressions; readonly service: ExpressionsService };

export function buildExpressions(
  host: Host,
  clock: Clock,
  base: Pick<BaseEnvironment, 'ready'>,
  datastore: DatastoreFile,
): ExpressionParts {
  const reader = {
    read: (scope: 'system' | 'user', key: string) => datastore.read(scope, key),
    decrypt: (text: string) => datastore.decrypt(text),
  };
  const service = new ExpressionsService({
    startProcess: startLineProcess,
    python: async () => (await base.ready()).python,
    script: path.join(host.folders.python, 'expressions_service.py'),
    env: cleanEnvironment(host.environment),
    datastore: reader,
    clock,
    log: host.log.scope('expressions'),
  });
  return { service, expressions: new Expressions({ service, datastore: reader }) };
}
