import { expect, test } from 'vitest';
import type { LogLine } from '../../main/contract/logs.ts';
import { KeptLog } from '../../main/engine/kept-log.ts';
import { systemClock } from '../../main/kit/clock.ts';
import { createLog } from '../../main/kit/log.ts';
import { until } from '../support/until.ts';

test('the last lines are kept with their stage, told together, and still go to the host', async () => {
  const written: string[] = [];
  using kept = new KeptLog(
    createLog((line) => written.push(line), 'debug'),
    systemClock,
  );
  const told: LogLine[][] = [];
  kept.follow((lines) => told.push(lines));
  const log = kept.log.scope('rules');
  log.debug('of no interest');
  log.warn('a rule is broken', { ref: 'a.b' });
  kept.log.error('worse');
  expect(kept.last(10)).toMatchObject([
    { level: 'warn', scope: 'rules', text: 'a rule is broken ref=a.b' },
    { level: 'error', scope: '', text: 'worse' },
  ]);
  expect(written).toHaveLength(3);
  await until('both are told at once', () => told.length > 0);
  expect(told.map((lines) => lines.length)).toEqual([2]);
  expect(kept.last(1).map(({ text }) => text)).toEqual(['worse']);
});
