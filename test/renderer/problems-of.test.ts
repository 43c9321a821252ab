import { expect, test } from 'vitest';
import { describeProblem, type Problem, StormletError } from '../../main/contract/errors.ts';
import { problemsOf } from '../../renderer/ui/problems-of.ts';

const PROBLEMS: Problem[] = [
  {
    severity: 'error',
    code: 'rule/unreadable',
    message: 'a tab cannot indent: use spaces',
    file: '/my rules/a.yaml',
    line: 7,
  },
  { severity: 'error', code: 'rule/unreadable', message: 'no `action`', file: '/my rules/a.yaml', hint: 'name one' },
];

test('a refused file gives back every problem with its file, line and hint', () => {
  const details = PROBLEMS.map(describeProblem);
  const error = new StormletError({ code: 'rule/unreadable', kind: 'user', message: 'refused', details });
  expect(problemsOf(error)).toEqual(PROBLEMS);
});

test('a refusal that lists no problems is itself the problem', () => {
  const error = new StormletError({ code: 'rpc/disconnected', kind: 'environment', message: 'not sent', hint: 'wait' });
  expect(problemsOf(error)).toEqual([
    { severity: 'error', code: 'rpc/disconnected', message: 'not sent', hint: 'wait' },
  ]);
});
