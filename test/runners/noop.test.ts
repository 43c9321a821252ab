import { expect, test } from 'vitest';
import { noopRunner } from '../../main/runners/noop.ts';
import { runJob } from '../support/run-job.ts';

test('noop succeeds with the output of a shell command that did nothing', async () => {
  expect(await noopRunner.run(runJob({}), new AbortController().signal)).toEqual({
    status: 'succeeded',
    output: { failed: false, succeeded: true, return_code: 0 },
  });
});
