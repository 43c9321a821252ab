import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { payloadProblems, startPackSensor, type Trigger, triggerOf } from '../support/pack-sensor.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { runActionByHand } from '../support/wrapper.ts';

const ACTIONS = path.resolve(import.meta.dirname, '../../packs/http/actions');
const CHANGED = 'http.changed';
const AVAILABILITY = 'http.availability';

test('a change of body, status, header and a value of JSON is told, each as it is watched', async () => {
  await using site = await startSite();
  site.answer = { body: '{"info": {"versions": ["1.0"]}, "at": 1}', headers: { 'x-build': '7' } };
  const watch = (id: string, parameters: JsonObject) =>
    triggerOf(CHANGED, { url: site.url, every_seconds: 1, ...parameters }, id);
  const body = watch('body', { watch: 'body' });
  const json = watch('json', { watch: 'json', path: 'info.versions[0]' });
  const header = watch('header', { watch: 'header', path: 'X-Build' });
  const status = watch('status', { watch: 'status' });
  await using sensor = startSensor({}, [body, json, header, status]);
  await until('each has looked once', () => site.requests.length >= 4);
  site.answer = { body: '{"info": {"versions": ["1.0"]}, "at": 2}', headers: { 'x-build': '8' } };
  await sensor.dispatched(1, body.ref);
  const [built] = await sensor.dispatched(1, header.ref);
  expect(built).toMatchObject({ previous: '7', current: '8', path: 'X-Build', status: 200, name: site.url });
  expect(sensor.payloads(json.ref)).toEqual([]);
  site.answer = { body: '{"info": {"versions": ["1.1"]}, "at": 2}', headers: { 'x-build': '8' } };
  const [version] = await sensor.dispatched(1, json.ref);
  expect(version).toMatchObject({ previous: '1.0', current: '1.1' });
  site.answer = { status: 404, body: 'not here' };
  const [gone] = await sensor.dispatched(1, status.ref);
  expect(gone).toMatchObject({ previous: 200, current: 404 });
  expect(sensor.payloads(json.ref)).toHaveLength(1);
  expect(await payloadProblems(CHANGED, sensor.payloads())).toEqual([]);
});

test('a page with an ETag is asked for conditionally, and what changed meanwhile is told at the next start', async () => {
  await using site = await startSite();
  await using data = await tempFolder();
  const env = { STORMLET_DATASTORE: path.join(data.path, 'datastore.db') };
  const config = {
    urls: [{ url: site.url, name: 'the page', every_seconds: 1 }],
    headers: { Authorization: 'Bearer x' },
  };
  site.answer = { body: 'one', headers: { etag: '"1"' } };
  {
    await using first = startSensor(config, [], env);
    await until('it asks conditionally', () => site.requests.some((headers) => headers['if-none-match'] === '"1"'));
    expect(first.events).toEqual([]);
    await first.stop();
  }
  expect(site.requests.every((headers) => headers.authorization === 'Bearer x')).toBe(true);
  site.answer = { body: 'two', headers: { etag: '"2"' } };
  await using second = startSensor(config, [], env);
  const [changed] = await second.dispatched(1, CHANGED);
  expect(changed).toMatchObject({ name: 'the page', previous: sha256('one'), current: sha256('two') });
});

test('an address is down after some failures in a row, and up with the first answer', async () => {
  await using site = await startSite();
  const trigger = triggerOf(AVAILABILITY, { url: site.url, every_seconds: 1 });
  await using sensor = startSensor({ failures: 2 }, [trigger]);
  await until('it was asked', () => site.requests.length > 0);
  site.answer = { status: 503, body: '' };
  const [down] = await sensor.dispatched(1, trigger.ref);
  expect(down).toMatchObject({ state: 'down', status: 503, reason: 'the status is 503', url: site.url });
  site.answer = { body: 'back' };
  const payloads = await sensor.dispatched(2, trigger.ref);
  expect(payloads[1]).toMatchObject({ state: 'up', status: 200, reason: null });
  expect(await payloadProblems(AVAILABILITY, payloads)).toEqual([]);
});

test('where nobody listens it is down as well, and says why', async () => {
  const site = await startSite();
  await site[Symbol.asyncDispose]();
  await using sensor = startSensor({ failures: 1, urls: [{ url: site.url }, { url: 'file:///etc/passwd' }] });
  const payloads = await sensor.dispatched(2, AVAILABILITY);
  expect(payloads.map(({ state, status, reason }) => [state, status, reason])).toEqual(
    expect.arrayContaining([
      ['down', null, expect.stringContaining('refused')],
      ['down', null, 'not an http:// or https:// address: file:///etc/passwd'],
    ]),
  );
});

test('get gives text and JSON, and fails with the answer of an error', async () => {
  await using site = await startSite();
  site.answer = { body: '{"items": [{"id": 5}]}' };
  expect(await act('get', { url: site.url, path: 'items[0].id' })).toMatchObject({
    result: { status: 200, json: 5, body: '{"items": [{"id": 5}]}', summary: '200, 22 bytes' },
  });
  site.answer = { status: 500, body: 'oh no' };
  expect(await act('get', { url: site.url })).toMatchObject({ status: false, result: { status: 500, body: 'oh no' } });
  expect(await act('get', { url: 'file:///etc/passwd' })).toMatchObject({ status: false });
});

test('download writes a file that is complete, and else none', async () => {
  await using site = await startSite();
  await using folder = await tempFolder();
  site.answer = { body: 'content' };
  const url = `${site.url}/files/my%20report.txt?x=1`;
  const file = path.join(folder.path, 'my report.txt');
  expect(await act('download', { url, path: folder.path, sha256: sha256('content') })).toMatchObject({
    result: { path: file, size: 7, sha256: sha256('content') },
  });
  expect(await readFile(file, 'utf8')).toBe('content');
  expect(await act('download', { url, path: folder.path })).toMatchObject({
    status: false,
    result: `there already: ${file}`,
  });
  site.answer = { body: 'short', headers: { 'content-length': '1000' } };
  const overwrite = { url, path: file, overwrite: true };
  expect(await act('download', overwrite)).toMatchObject({ status: false });
  site.answer = { body: 'other' };
  expect(await act('download', { ...overwrite, sha256: sha256('content') })).toMatchObject({ status: false });
  site.answer = { status: 404, body: 'none' };
  expect(await act('download', overwrite)).toMatchObject({ status: false });
  expect(await readdir(folder.path)).toEqual(['my report.txt']);
  expect(await readFile(file, 'utf8')).toBe('content');
});

type Answer = { status?: number; body: string; headers?: Record<string, string> };

/** A site on loopback that answers what `answer` says at the moment. */
async function startSite() {
  const requests: IncomingMessage['headers'][] = [];
  const site = { requests, url: '', answer: { body: 'hello' } as Answer };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.headers);
    const { status = 200, body, headers = {} } = site.answer;
    const isKnown = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag;
    response.writeHead(isKnown ? 304 : status, headers);
    response.write(isKnown ? '' : body, () => {
      if (Number(headers['content-length']) > body.length) response.destroy();
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(site, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function startSensor(config: JsonObject, triggers: readonly Trigger[] = [], env: Record<string, string> = {}) {
  const names = { pack: 'http', sensor: 'url_sensor', className: 'UrlSensor', pollInterval: 0.05 };
  return startPackSensor({ python: 'python3', ...names, config, triggers, env });
}

async function act(action: string, parameters: JsonObject): Promise<JsonObject> {
  return (await runActionByHand('python3', path.join(ACTIONS, `${action}.py`), { parameters })).answer;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
