import { expect, test } from 'vitest';
import type { Execution } from '../../main/contract/executions.ts';
import { checkResponse } from '../../main/contract/inquiries.ts';
import type { Json, JsonObject } from '../../main/contract/json.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { Settings } from '../../main/contract/settings.ts';
import { consider } from '../../main/notifications/consider.ts';
import { showNotice } from '../../main/notifications/show-notice.ts';

const all = Settings.parse({}).notifications;

test('a success is told with the summary that the action gave', () => {
  const execution = ended({ status: 'succeeded', result: { result: { summary: '3 files, 2 MB', files: [] } } });
  expect(consider(execution, all, 'n1', 'now')).toEqual({
    id: 'n1',
    at: 'now',
    level: 'success',
    title: 'demo.copy succeeded',
    body: '3 files, 2 MB',
    source: 'rule',
    execution: 'x',
  });
});

test.each<[string, Partial<Execution>, string]>([
  ['a plain result', { status: 'succeeded', result: { result: 'done' } }, 'done'],
  ['an object without a summary', { status: 'succeeded', result: { result: { n: 1 } } }, '{"n":1}'],
  [
    'what was printed, when there is no result',
    { status: 'succeeded', result: { result: 'None', stdout: 'hi\n' } },
    'hi',
  ],
  ['a shell action', { status: 'succeeded', result: { stdout: 5, return_code: 0 } }, '5'],
  ['nothing', { status: 'succeeded' }, ''],
  [
    'a failure, by the last line of its stderr',
    { status: 'failed', result: { stderr: 'Traceback\nValueError: no such user\n' } },
    'ValueError: no such user',
  ],
  [
    'a failure without output',
    { status: 'failed', fault: { code: 'a/b', kind: 'pack', message: 'no Python' } },
    'no Python',
  ],
])('the body of %s', (_, execution, body) => {
  expect(consider(ended(execution), all, 'n', 'now')?.body).toBe(body);
});

test('what was tried again says at which try it ended', () => {
  const context = {
    source: 'rule' as const,
    policies: { retry: { policy: 'demo.again' as ResourceRef, count: 2, of: 'w' } },
  };
  const title = (status: 'succeeded' | 'failed') => consider(ended({ status, context }), all, 'n', 'now')?.title;
  expect([title('succeeded'), title('failed')]).toEqual(['demo.copy succeeded at try 3', 'demo.copy failed at try 3']);
});

test('a canceled execution, and whatever is switched off, is no notice', () => {
  expect(consider(ended({ status: 'canceled' }), all, 'n', 'now')).toBeUndefined();
  expect(consider(ended({ status: 'succeeded' }), { ...all, onSuccess: false }, 'n', 'now')).toBeUndefined();
  expect(consider(ended({ status: 'timeout' }), { ...all, onFailure: false }, 'n', 'now')).toBeUndefined();
});

test('a long body is cut', () => {
  const execution = ended({ status: 'succeeded', result: { result: 'x'.repeat(1000) } });
  expect(consider(execution, all, 'n', 'now')?.body).toHaveLength(240);
});

test('`notify.show` asks for its own notice, which the settings may withhold', async () => {
  const result = await showNotice({ title: ' Tea ', text: 'is ready', level: 'success' });
  const execution = ended({ action: 'notify.show' as ResourceRef, runner: 'stormlet', result: { result } });
  expect(consider(execution, { ...all, onSuccess: false }, 'n', 'now')).toEqual({
    ...{ id: 'n', at: 'now', source: 'rule', execution: 'x' },
    ...{ level: 'success', title: 'Tea', body: 'is ready', requested: true },
  });
  expect(consider(execution, { ...all, onRequest: false }, 'n', 'now')).toBeUndefined();
});

test('`notify.show` says that its notice cannot wait', async () => {
  const result = await showNotice({ title: 'Fire', urgent: true });
  const execution = ended({ action: 'notify.show' as ResourceRef, runner: 'stormlet', result: { result } });
  expect(consider(execution, all, 'n', 'now')).toMatchObject({ title: 'Fire', urgent: true });
});

test('`notify.show` that fails is told as any failure is, and one without a title fails', async () => {
  const execution = ended({ action: 'notify.show' as ResourceRef, status: 'timeout' });
  expect(consider(execution, all, 'n', 'now')).toMatchObject({ level: 'failure' });
  await expect(showNotice({ title: ' ', text: 'x' })).rejects.toMatchObject({ code: 'action/parameter-invalid' });
});

function ended(part: Partial<Execution>): Execution {
  return {
    id: 'x',
    action: 'demo.copy' as ResourceRef,
    runner: 'python-script',
    status: 'succeeded',
    parameters: {},
    context: { source: 'rule' },
    createdAt: '2026-01-01T00:00:00.000Z',
    steps: [],
    ...part,
  };
}

test('a question is told with what it asks for, whatever the settings say', () => {
  const properties = { go: { type: 'boolean', description: 'Shall it go on?' }, word: { type: 'string' } };
  const execution = ended({ status: 'pending', result: { schema: { type: 'object', properties } } });
  expect(
    consider(execution, { ...all, onSuccess: false, onFailure: false, onRequest: false }, 'n1', 'now'),
  ).toMatchObject({
    level: 'info',
    title: 'demo.copy waits for your answer',
    body: 'Shall it go on?\nword',
    execution: 'x',
  });
});

test('the rule that asked goes before the pack of the action, and both before the general switches', () => {
  const told = (part: Partial<Execution>, settings: object) =>
    consider(ended(part), { ...all, ...settings }, 'n', 'now') !== undefined;
  const byRule = { context: { source: 'rule', rule: 'home.backup' as ResourceRef } } as const;
  const failed = { status: 'failed' } as const;
  expect(told({}, { packs: { demo: 'none' } })).toBe(false);
  expect(told(failed, { packs: { demo: 'failure' } })).toBe(true);
  expect(told({}, { packs: { demo: 'failure' } })).toBe(false);
  expect(told({}, { packs: { demo: 'success' }, onSuccess: false })).toBe(true);
  expect(told(byRule, { packs: { demo: 'none' }, rules: { 'home.backup': 'both' } })).toBe(true);
  expect(told({ ...byRule, ...failed }, { packs: { demo: 'both' }, rules: { 'home.backup': 'success' } })).toBe(false);
  expect(told(byRule, { rules: { 'home.other': 'none' } })).toBe(true);
});

test.each<[string, Json, string[]]>([
  ['a yes or no', { continue: { type: 'boolean' } }, ['Yes', 'No']],
  ['a few words', { size: { type: 'string', enum: ['small', 'large'] } }, ['small', 'large']],
  ['many words', { size: { type: 'string', enum: ['a', 'b', 'c', 'd'] } }, []],
  ['any text', { word: { type: 'string' } }, []],
  ['a secret', { word: { type: 'boolean', secret: true } }, []],
  ['two things', { a: { type: 'boolean' }, b: { type: 'boolean' } }, []],
])('a question for %s has these buttons', (_, properties, labels) => {
  const execution = ended({ status: 'pending', result: { schema: { type: 'object', properties } } });
  expect((consider(execution, all, 'n', 'now')?.buttons ?? []).map(({ label }) => label)).toEqual(labels);
});

test('the answer of a button is one that its question takes', () => {
  const schema: JsonObject = { type: 'object', properties: { size: { type: 'string', enum: ['small', 'large'] } } };
  const buttons = consider(ended({ status: 'pending', result: { schema } }), all, 'n', 'now')?.buttons ?? [];
  expect(buttons).toHaveLength(2);
  for (const button of buttons) {
    expect(button.does === 'answer' && checkResponse(schema, button.response)).toEqual([]);
  }
});
