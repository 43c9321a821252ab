import { expect, test } from 'vitest';
import { announcement } from '../../main/runners/announcement.ts';
import { runJob } from '../support/run-job.ts';

const signal = new AbortController().signal;

test('the action’s parameters are announced under the route, and given back', async () => {
  const heard: unknown[] = [];
  const runner = announcement((route, payload) => heard.push([route, payload]));
  const job = runJob({ parameters: { message: { a: 1 } }, runnerParameters: { experimental: true, route: 'general' } });
  expect(await runner.run(job, signal)).toEqual({
    status: 'succeeded',
    output: { message: { a: 1 }, output: { message: { a: 1 } } },
  });
  expect(heard).toEqual([['general', { message: { a: 1 } }]]);
});

test('without `experimental` nothing is announced', async () => {
  const heard: unknown[] = [];
  const runner = announcement((route) => heard.push(route));
  expect(await runner.run(runJob({ runnerParameters: { experimental: false } }), signal)).toMatchObject({
    status: 'failed',
    fault: { code: 'announcement/not-experimental', kind: 'pack' },
  });
  expect(heard).toEqual([]);
});
