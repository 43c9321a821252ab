import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';

const FILES = {
  'pack.yaml': 'ref: talk\nname: talk\ndescription: d\nversion: 1.0.0\nauthor: a\n',
  'actions/count.yaml':
    'name: count\nrunner_type: noop\nparameters:\n  what: {type: array}\n  times: {type: integer, default: 3}\n  key: {type: string}\n  of: {type: string}\n',
  'aliases/count.yaml': `name: count
action_ref: talk.count
formats:
  - "count {{what}} {{times=2}}"
  - display: broken
    representation: ["count ({{what}}"]
ack: {format: "Counting {{ execution.parameters.what | join(' and ') }}{~}for {{ actionalias.name }}."}
result: {format: "{{ execution.action.ref }} {{ execution.status }} {{ execution.result.nothing }}{{ alias.ref }}"}
`,
  'aliases/fixed.yaml': `name: fixed
action_ref: talk.count
formats: ["fix {{what}}"]
immutable_parameters: {key: "{{ st2kv.system.tone }}!"}
result: {enabled: false}
`,
  'aliases/issues.yaml': `name: issues
action_ref: talk.count
formats:
  - display: KEY-1
    match_multiple: true
    representation: ['(?:\\W|^)(?P<key>[A-Z]+-\\d+)(?:\\W|$)']
`,
  'aliases/slow.yaml':
    'name: slow\naction_ref: talk.count\nformats: ["slow (?:a|a)*b{{what}}", "quick {{of}}"]\nack: {format: "{{ execution.parameters.of.nothing.more }}"}\n',
};

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  for (const [file, text] of Object.entries(FILES)) {
    const place = path.join(engine.home, 'source', 'talk', file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  await engine.install(path.join(engine.home, 'source', 'talk'));
});
afterAll(() => engine[Symbol.asyncDispose]());

const match = (text: string) => engine.client.aliases.match({ text });
const run = (text: string) => engine.client.aliases.run({ text });

test('a sentence runs the action of the alias that it fits, and each message is made of it', async () => {
  const { executions, message, alias } = await run('count "a, b"');
  expect([alias, message]).toEqual(['talk.count', 'Counting a and b\nfor count.']);
  const ended = await engine.ended(executions[0]?.id ?? '');
  expect(ended).toMatchObject({
    status: 'succeeded',
    parameters: { what: ['a', 'b'], times: 2 },
    context: { source: 'window', alias: 'talk.count' },
  });
  const { message: result } = await engine.client.aliases.result({ id: ended.id });
  expect(result).toBe('talk.count succeeded talk.count');
});

test('a broken format is told in the log, and stops no other', async () => {
  expect(await match('count x 5')).toMatchObject([{ alias: 'talk.count', parameters: [{ what: 'x', times: '5' }] }]);
  expect(engine.log.filter((line) => line.includes('is no regular expression'))).toHaveLength(1);
});

test('fixed parameters are rendered with the datastore', async () => {
  await engine.client.keys.set({ name: 'tone', value: 'loud' });
  const { executions, message } = await run('fix it');
  expect(executions[0]?.parameters).toMatchObject({ what: ['it'], key: 'loud!', times: 3 });
  expect(message).toBe('');
  const { id } = await engine.ended(executions[0]?.id ?? '');
  expect(await engine.client.aliases.result({ id })).toEqual({ message: '', extra: {} });
  await expect(run('fix it key=quiet')).rejects.toThrow('fixes `key`');
});

test('a format that matches several times runs the action for each place', async () => {
  const { executions } = await run('AB-1, CD-22!');
  expect(executions.map(({ parameters }) => parameters.key)).toEqual(['AB-1', 'CD-22']);
});

test('what fits no alias is refused, and values of a wrong type are, too', async () => {
  await expect(run('make tea')).rejects.toThrow('`make tea` fits no alias');
  await expect(run('count x many')).rejects.toThrow('`times` cannot be made an integer');
  await expect(engine.client.aliases.result({ id: 'nobody' })).rejects.toThrow('`nobody` is no execution');
});

test('a message that cannot be made says so, and its execution runs all the same', async () => {
  const { executions, message } = await run('quick x');
  expect(message).toContain('the message of the alias `talk.slow` cannot be made');
  expect((await engine.ended(executions[0]?.id ?? '')).status).toBe('succeeded');
});

test('a sentence on which a format never comes to an end is given up in time, and the next one is answered', async () => {
  await expect(match(`slow ${'a'.repeat(40)}`)).rejects.toMatchObject({ code: 'expression/timeout' });
  expect(await match('quick x')).toHaveLength(1);
});

test('the aliases of a pack that is switched off are gone', async () => {
  const ref = { ref: 'talk' as ResourceRef & never };
  await engine.client.packs.setEnabled({ ...ref, enabled: false });
  expect(await engine.client.aliases.list()).toEqual([]);
  expect(await match('count x')).toEqual([]);
});
