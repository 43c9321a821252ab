import path from 'node:path';
import type { DatastoreReader } from '../expressions/datastore-reader.ts';
import { Expressions } from '../expressions/renderer.ts';
import { ExpressionsService } from '../expressions/service-client.ts';
import type { WorkflowEvaluator } from '../expressions/workflow-evaluator.ts';
import { WorkflowExpressions } from '../expressions/workflow-expressions.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { BaseEnvironment } from '../packs/virtualenvs/base-environment.ts';
import type { DatastoreFile } from '../store/datastore-file.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { startLineProcess } from '../supervisor/line-process.ts';

/** Templates: answered here where they are plain, else by Jinja itself in a process of the base environment. */
export type ExpressionParts = {
  readonly expressions: Expressions;
  /** Of workflows, in YAQL and in Jinja. */
  readonly evaluator: WorkflowEvaluator;
  readonly service: ExpressionsService;
  readonly datastore: DatastoreReader;
};

export function buildExpressions(
  host: Host,
  clock: Clock,
  base: Pick<BaseEnvironment, 'ready'>,
  datastore: DatastoreFile,
): ExpressionParts {
  const reader: DatastoreReader = {
    read: (scope, key) => datastore.read(scope, key),
    decrypt: (text) => datastore.decrypt(text),
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
  const evaluator = new WorkflowExpressions(service);
  return { service, evaluator, expressions: new Expressions({ service, datastore: reader }), datastore: reader };
}
