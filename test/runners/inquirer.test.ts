import { expect, test } from 'vitest';
import { DEFAULT_SCHEMA } from '../../main/contract/inquiries.ts';
import { inquirerRunner } from '../../main/runners/inquirer.ts';
import { runJob } from '../support/run-job.ts';

test('a question leaves the execution pending, with StackStorm’s five values', async () => {
  const runnerParameters = { schema: { type: 'object' }, route: 'r', users: ['ada'], roles: ['admin'], ttl: 5 };
  const outcome = await inquirerRunner.run(runJob({ runnerParameters }), new AbortController().signal);
  expect(outcome).toEqual({ status: 'pending', output: runnerParameters });
});

test('what is not given has StackStorm’s defaults', async () => {
  const outcome = await inquirerRunner.run(runJob({ runnerParameters: {} }), new AbortController().signal);
  const output = { schema: DEFAULT_SCHEMA, route: '', users: [], roles: [], ttl: 1440 };
  expect(outcome).toEqual({ status: 'pending', output });
  const defaults = Object.entries(inquirerRunner.parameters).map(([name, spec]) => [name, spec.default]);
  expect(Object.fromEntries(defaults)).toEqual(output);
});
