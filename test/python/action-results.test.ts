import { expect, test } from 'vitest';
import { runAction } from '../support/python.ts';

const act = (body: string, head = '') => `${head}
from st2common.runners.base_action import Action

class Act(Action):
    def run(self, **given):
        ${body}
`;

test('what `run` returns is the result, with no status', async () => {
  const { answer, exitCode } = await runAction(act('return {"n": [1, 2.5, None, True, "é"]}'));
  expect(answer).toEqual({ status: null, result: { n: [1, 2.5, null, true, 'é'] } });
  expect(exitCode).toBe(0);
});

test.each([
  ['(True, "yes")', true, 'yes'],
  ['(False, {"why": "no"})', false, { why: 'no' }],
  ['(None, 5)', null, 5],
  ['(True, (1, 2))', true, [1, 2]],
  ['(1, 2, 3)', null, [1, 2, 3]],
  ['[True, 1]', null, [true, 1]],
  ['None', null, null],
])('`return %s` gives its status and its result', async (returned, status, result) => {
  const { answer, exitCode } = await runAction(act(`return ${returned}`));
  expect(answer).toEqual({ status, result });
  expect(exitCode).toBe(0);
});

test('a pair whose first item is no bool ends with 220 and no result', async () => {
  const { answer, exitCode, stderr } = await runAction(act('return ("ok", 1)'));
  expect(exitCode).toBe(220);
  expect(answer).toBeUndefined();
  expect(stderr).toContain("first item is 'ok': it has to be True or False");
});

test('a result that is no JSON becomes its `str` beside a status, and its `repr` without one', async () => {
  const head = 'class Odd:\n    def __str__(self): return "as str"\n    def __repr__(self): return "as repr"\n';
  expect((await runAction(act('return (True, Odd())', head))).answer).toEqual({ status: true, result: 'as str' });
  expect((await runAction(act('return Odd()', head))).answer).toEqual({ status: null, result: 'as repr' });
  expect((await runAction(act('return {"a": {1, 1}}'))).answer).toEqual({ status: null, result: "{'a': {1}}" });
  const circular = act('loop = []; loop.append(loop); return loop');
  expect((await runAction(circular)).answer).toEqual({ status: null, result: '[[...]]' });
});

test('dates, UUIDs and bytes in a result are text, and what JSON has no number for is null', async () => {
  const head = 'import datetime, uuid';
  const body =
    'return {"at": datetime.datetime(2026, 1, 2), "id": uuid.UUID(int=1), "raw": b"x", "n": float("nan"), 3: [float("inf")]}';
  expect((await runAction(act(body, head))).answer?.result).toEqual({
    at: '2026-01-02T00:00:00',
    id: '00000000-0000-0000-0000-000000000001',
    raw: 'x',
    n: null,
    3: [null],
  });
});

test('an exception is shown as Python shows it, from the first line of user code on', async () => {
  const { answer, exitCode, stderr } = await runAction(act('return 1 / 0'));
  expect(exitCode).toBe(1);
  expect(answer).toBeUndefined();
  expect(stderr).toMatch(
    /^Traceback \(most recent call last\):\n {2}File ".*demo\/actions\/act\.py", line 6, in run\n/,
  );
  expect(stderr).toContain('return 1 / 0');
  expect(stderr.trimEnd().split('\n').at(-1)).toBe('ZeroDivisionError: division by zero');
  expect(stderr).not.toContain('main/python');
});

test('a syntax error names its file and line', async () => {
  const { exitCode, stderr } = await runAction('def broken(:\n');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^ {2}File ".*act\.py", line 1\n/);
  expect(stderr).not.toContain('main/python');
});

test('wrong parameters fail as a wrong call does', async () => {
  const source = 'class Act:\n    def run(self, a):\n        return a\n';
  const { exitCode, stderr } = await runAction(source, { parameters: { b: 1 } });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/TypeError: .*run\(\) got an unexpected keyword argument 'b'/);
});

test.each([
  ['sys.exit(7)', 7],
  ['sys.exit(0)', 0],
  ['sys.exit()', 0],
  ['sys.exit("gone")', 1],
  ['os._exit(9)', 9],
])('`%s` ends with its exit code and leaves no result', async (statement, code) => {
  const { answer, exitCode, stderr } = await runAction(act(statement, 'import os, sys'));
  expect(exitCode).toBe(code);
  expect(answer).toBeUndefined();
  expect(stderr).toBe(statement.includes('gone') ? 'gone\n' : '');
});

test('whatever an action prints, its result is untouched and its output too', async () => {
  const body = [
    'print("line")',
    'sys.stdout.flush()',
    'sys.stdout.buffer.write(bytes(range(256)))',
    'sys.stderr.write("err\\n")',
    'print(\'{"status": false, "result": "forged"}\', end="")',
    'return "real"',
  ].join('\n        ');
  const { answer, stdout, stderr } = await runAction(act(body, 'import sys'));
  expect(answer).toEqual({ status: null, result: 'real' });
  expect(stdout.startsWith('line\n\x00\x01')).toBe(true);
  expect(stdout.endsWith('"forged"}')).toBe(true);
  expect(stderr).toBe('err\n');
});

test('closed or replaced standard streams harm no result', async () => {
  const { answer, exitCode } = await runAction(act('sys.stdout.close(); sys.stderr = None; return 1', 'import sys'));
  expect(answer).toEqual({ status: null, result: 1 });
  expect(exitCode).toBe(0);
});

test('the result is there whole before the threads of the action end', async () => {
  const body = [
    'out = os.path.join(os.path.dirname(os.path.dirname(__file__)), "result.json")',
    'def later():',
    '    while not os.path.exists(out): time.sleep(0.01)',
    '    print(open(out).read())',
    'threading.Thread(target=later).start()',
    'return "x" * 100000',
  ].join('\n        ');
  const { stdout, answer } = await runAction(act(body, 'import os, threading, time'));
  expect(JSON.parse(stdout)).toEqual(answer);
});

test('a result that cannot be written fails the action, and says where it should have gone', async () => {
  const { exitCode, stderr } = await runAction(act('return 1'), { env: { STORMLET_RESULT: '/nowhere/result.json' } });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^stormlet: the result could not be written to `\/nowhere\/result\.json`: /);
});
