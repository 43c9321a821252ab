import { expect, test } from 'vitest';
import type { ExecutionStatus } from '../../main/contract/executions.ts';
import type { NotifySection } from '../../main/contract/notify.ts';
import { notificationsOf, notifyOf } from '../../main/notifications/notify.ts';
import { execution } from '../executions/start-bench.ts';

const ALL: NotifySection = {
  'on-complete': { routes: ['log'] },
  'on-success': { message: 'well done', routes: ['desktop', 'chat'] },
  'on-failure': { data: { n: 1 }, routes: [] },
};

test.each<[ExecutionStatus, (readonly [string, string, boolean])[]]>([
  [
    'succeeded',
    [
      ['on-complete', 'Action demo.echo completed.', false],
      ['on-success', 'well done', true],
    ],
  ],
  [
    'failed',
    [
      ['on-complete', 'Action demo.echo completed.', false],
      ['on-failure', 'Action demo.echo failed.', true],
    ],
  ],
  [
    'timeout',
    [
      ['on-complete', 'Action demo.echo completed.', false],
      ['on-failure', 'Action demo.echo failed.', true],
    ],
  ],
  ['canceled', [['on-complete', 'Action demo.echo completed.', false]]],
  ['running', []],
])('of one that is %s is told what its sections say', (status, expected) => {
  const told = notificationsOf(execution('a', { status }), ALL);
  expect(told.map(({ when, message, onDesktop }) => [when, message, onDesktop])).toEqual(expected);
});

test('what was asked for goes before what the action always asks for, and a step of a workflow has its own only', () => {
  const own = { 'on-complete': { routes: ['own'] } };
  expect(notifyOf(execution('a'), ALL)).toBe(ALL);
  expect(notifyOf(execution('a', { context: { source: 'cli', notify: own } }), ALL)).toBe(own);
  expect(notifyOf(execution('a', { context: { source: 'engine', parent: 'w' } }), ALL)).toBeUndefined();
});
