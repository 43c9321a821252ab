import path from 'node:path';
import type { DatastoreReader } from '../../main/expressions/datastore-reader.ts';
import { Expressions } from '../../main/expressions/renderer.ts';
import { type ExpressionLimits, ExpressionsService } from '../../main/expressions/service-client.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { silentLog } from '../../main/kit/log.ts';
import { type StartLineProcess, startLineProcess } from '../../main/supervisor/line-process.ts';
import { jinjaPython } from './jinja-python.ts';

export type TestService = {
  readonly limits?: Partial<ExpressionLimits>;
  readonly keys?: Readonly<Record<string, string>>;
  readonly python?: () => Promise<string>;
  readonly startProcess?: StartLineProcess;
  readonly script?: string;
};

/** The real service over a datastore of `scope:key` values, whose `enc:x` decrypts to `x`. */
export function testService(options: TestService = {}): ExpressionsService {
  return new ExpressionsService({
    startProcess: options.startProcess ?? startLineProcess,
    python: options.python ?? jinjaPython,
    script: options.script ?? path.resolve('main/python/expressions_service.py'),
    env: { PATH: '/usr/bin:/bin' },
    datastore: testDatastore(options.keys),
    clock: systemClock,
    log: silentLog,
    ...(options.limits && { limits: options.limits }),
  });
}

/** The renderer as the engine has it: fast path first, then the service. */
export function testExpressions(options: TestService = {}): Expressions & AsyncDisposable {
  const service = testService(options);
  const expressions = new Expressions({ service, datastore: testDatastore(options.keys) });
  return Object.assign(expressions, { [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() });
}

export function testDatastore(keys: Readonly<Record<string, string>> = {}): DatastoreReader {
  return {
    read: (scope, key) => keys[`${scope}:${key}`],
    decrypt(text) {
      if (!text.startsWith('enc:')) throw new Error(`\`${text}\` is not encrypted`);
      return text.slice('enc:'.length);
    },
  };
}
