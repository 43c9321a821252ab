import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startHeadlessApp } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';

const MEGABYTE = 1024 * 1024;

test('the headless app answers the API on its own port too, and its keys outlive a kill -9', async () => {
  await using home = await tempFolder();
  let key: string;
  {
    await using app = await startHeadlessApp(home.path);
    ({ key } = await app.client.apiKeys.create({ name: 'script' }));
    const { origin } = new URL(app.address);
    expect((await fetch(`${origin}/v1/openapi.json`)).status).toBe(200);
    expect((await fetch(`${origin}/v1/actions`)).status).toBe(401);
    expect((await fetch(`${origin}/api/v1/actions?limit=1`, { headers: { 'St2-Api-Key': key } })).status).toBe(200);
    expect((await fetch(`${origin}/v1`, { headers: { 'St2-Api-Key': key, Origin: 'http://a.test' } })).status).toBe(
      403,
    );
    await app.kill();
  }
  await using app = await startHeadlessApp(home.path);
  const { packs } = await app.client.api.addresses();
  expect((await fetch(`${packs}/actions?limit=1`, { headers: { 'St2-Api-Key': key } })).status).toBe(200);
});

test.skipIf(process.platform !== 'linux')('bodies of 100 MB leave the memory of the app as it was', async () => {
  await using home = await tempFolder();
  await using app = await startHeadlessApp(home.path);
  const { key } = await app.client.apiKeys.create({});
  const { packs } = await app.client.api.addresses();
  const resident = async () => {
    const status = await readFile(`/proc/${app.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  };
  const before = await resident();
  for (let count = 0; count < 5; count += 1) {
    for (const path of ['/webhooks/st2', '/executions']) expect(await send(`${packs}${path}`, key, 100)).toBe(413);
  }
  // A thousand megabytes were offered; of each, no more is read than one body may have.
  expect((await resident()) - before).toBeLessThan(150 * MEGABYTE);
  expect((await fetch(`${packs}/actions?limit=1`, { headers: { 'St2-Api-Key': key } })).status).toBe(200);
});

/** Sends so many megabytes without telling how many, and gives the status as soon as it comes. */
function send(url: string, key: string, megabytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', headers: { 'St2-Api-Key': key } });
    asking.on('error', reject);
    asking.on('response', ({ statusCode }) => {
      resolve(statusCode ?? 0);
      asking.destroy();
    });
    const piece = Buffer.alloc(MEGABYTE, ' ');
    let left = megabytes;
    const more = () => {
      for (; left > 0 && !asking.destroyed; left -= 1) if (!asking.write(piece)) return void asking.once('drain', more);
      if (!asking.destroyed) asking.end();
    };
    more();
  });
}
