import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine?.[Symbol.asyncDispose]());

describe.skipIf(process.platform === 'win32')('the results of `core` have StackStorm’s shape', () => {
  const shell = { succeeded: true, failed: false, return_code: 0, stdout: '', stderr: '' };

  test.each<[string, JsonObject, JsonObject]>([
    ['core.local', { cmd: 'echo 5' }, { ...shell, stdout: 5 }],
    ['core.echo', { message: 'hi' }, { ...shell, stdout: 'hi' }],
    ['core.echo', { message: '{"a": 1}' }, { ...shell, stdout: { a: 1 } }],
    ['core.echo', { message: '$(id) `id` "x" \'y\' -n ä' }, { ...shell, stdout: '$(id) `id` "x" \'y\' -n ä' }],
    ['core.error', { message: 'oh' }, { ...shell, stderr: 'oh' }],
    ['core.noop', {}, { succeeded: true, failed: false, return_code: 0 }],
    ['core.pause', { max_pause: 0 }, { result: 0, stdout: '', stderr: '', exit_code: 0 }],
    ['core.pause', { max_pause: 1, random: true }, { result: 1, stdout: '', stderr: '', exit_code: 0 }],
    ['core.announcement', { message: { a: 1 } }, { message: { a: 1 }, output: { message: { a: 1 } } }],
  ])('%s of %j', async (action, parameters, result) => {
    expect(await engine.run(action, parameters)).toMatchObject({ status: 'succeeded', result });
  });

  test('core.uuid', async () => {
    const { result } = await engine.run('core.uuid');
    expect(result).toEqual({ result: expect.stringMatching(/^[0-9a-f-]{36}$/), stdout: '', stderr: '', exit_code: 0 });
  });
});

test('core.announcement is heard on the bus, under its route', async () => {
  const bus = await mqtt.connectAsync((await engine.client.bus.url({})).url);
  const heard: { topic: string; body: unknown }[] = [];
  bus.on('message', (topic, body) => heard.push({ topic, body: JSON.parse(body.toString()) }));
  await bus.subscribeAsync('stormlet/announcements/#');
  await engine.run('core.announcement', { message: { a: 1 }, route: 'my/route' });
  await until('it was heard', () => heard.length > 0);
  expect(heard).toEqual([{ topic: 'stormlet/announcements/my%2Froute', body: { message: { a: 1 } } }]);
  await bus.endAsync();
});

test('core.inject_trigger sends an event, which rules can take up', async () => {
  const payload = { id: 'x', route: 'y' };
  const given = { trigger: 'core.st2.generic.inquiry', payload, trace_tag: 'tag' };
  const { status, result } = await engine.run('core.inject_trigger', given);
  expect([status, result]).toEqual([
    'succeeded',
    expect.objectContaining({ result: { ...given, trigger_instance: expect.any(String) }, exit_code: 0 }),
  ]);
  const { items } = await engine.client.triggers.page({ trigger: given.trigger });
  expect(items).toMatchObject([{ payload, traceTag: 'tag', source: 'engine' }]);
});

test('core.inject_trigger of what no pack declares fails with the reason', async () => {
  expect(await engine.run('core.inject_trigger', { trigger: 'no.such' })).toMatchObject({
    status: 'failed',
    fault: { code: 'trigger/unknown-type' },
  });
});

describe.skipIf(process.platform === 'win32')('core.sendmail', () => {
  /** A `sendmail` that keeps what it is given. */
  async function sendmail(folder: string, exitCode = 0): Promise<string> {
    const file = path.join(folder, 'sendmail');
    await writeFile(file, `#!/bin/sh\necho "$@" > "$0.args"\ncat > "$0.mail"\nexit ${exitCode}\n`);
    await chmod(file, 0o755);
    return file;
  }

  const mail = { to: 'ada@example.org, bob@example.org', subject: 'Grüße', body: '<b>Hallo</b>\n.\nEnde' };

  test('hands an e-mail to the program, with its attachments', async () => {
    await using folder = await tempFolder();
    const sendmail_binary = await sendmail(folder.path);
    const note = path.join(folder.path, 'note.txt');
    await writeFile(note, 'attached');
    const from = 'me@example.org';
    const end = await engine.run('core.sendmail', { ...mail, sendmail_binary, from, attachments: note });
    expect(end).toMatchObject({ status: 'succeeded', result: { stdout: `Successfully sent mail to ${mail.to}` } });
    const sent = await readFile(`${sendmail_binary}.mail`, 'utf8');
    expect(await readFile(`${sendmail_binary}.args`, 'utf8')).toBe('-t -oi\n');
    expect(sent).toContain(`To: ${mail.to}\n`);
    expect(sent).toContain('From: me@example.org\n');
    expect(sent).toMatch(/Subject: =\?utf-8\?/);
    expect(sent).toContain('Content-Type: text/html; charset="utf-8"');
    expect(sent).toContain('<b>Hallo</b>\n.\nEnde');
    expect(sent).toContain('filename="note.txt"');
  });

  test('an empty body is sent or not, as asked', async () => {
    await using folder = await tempFolder();
    const sendmail_binary = await sendmail(folder.path);
    const empty = { ...mail, body: ' ', sendmail_binary, send_empty_body: false };
    expect(await engine.run('core.sendmail', empty)).toMatchObject({
      status: 'succeeded',
      result: { stdout: expect.stringContaining('Nothing to send') },
    });
    await expect(readFile(`${sendmail_binary}.mail`)).rejects.toThrow();
    await engine.run('core.sendmail', { ...empty, send_empty_body: true });
    expect(await readFile(`${sendmail_binary}.mail`, 'utf8')).toContain('To: ada@example.org');
  });

  test('a header that smuggles in another is refused, and so is a program that says no', async () => {
    await using folder = await tempFolder();
    const sendmail_binary = await sendmail(folder.path, 75);
    expect(await engine.run('core.sendmail', { ...mail, sendmail_binary })).toMatchObject({
      status: 'failed',
      result: { return_code: 2, stderr: expect.stringContaining('ended with 75') },
    });
    expect(
      await engine.run('core.sendmail', { ...mail, subject: 'x\nBcc: eve@example.org', sendmail_binary }),
    ).toMatchObject({
      status: 'failed',
      result: { stderr: expect.stringContaining('cannot be sent') },
    });
  });
});
