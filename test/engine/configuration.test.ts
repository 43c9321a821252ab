import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { FIXTURE_PACKS, pack, startTestEngine, type TestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

/** In nothing that Stormlet writes but the key file's ciphertext may this ever be found. */
const PLANTED = 'hunter2-planted-secret';
const REF = pack('configured');

async function withPack(config: string | undefined): Promise<TestEngine> {
  const engine = await startTestEngine();
  if (config !== undefined) {
    await mkdir(path.dirname(configFile(engine)), { recursive: true });
    await writeFile(configFile(engine), config);
  }
  await engine.install(path.join(FIXTURE_PACKS, 'configured'));
  return engine;
}

function configFile(engine: TestEngine): string {
  return path.join(engine.home, 'config', 'configs', 'configured.yaml');
}

async function sensor(engine: TestEngine) {
  const all = await engine.client.sensors.list();
  return all.find(({ ref }) => ref === 'configured.PrintingSensor');
}

/** What the running sensor printed of its configuration, once it has. */
function sensorSees(engine: TestEngine, text: string) {
  return until(`the sensor sees ${text}`, async () => {
    const status = await sensor(engine);
    return status?.recentOutput.some((line) => line.includes('sees') && line.includes(text)) && status;
  });
}

async function shown(engine: TestEngine): Promise<JsonObject> {
  const execution = await engine.run('configured.show');
  expect(execution).toMatchObject({ status: 'succeeded' });
  return (execution.result as { result: JsonObject }).result;
}

test('a configuration is edited, rendered and masked, and what uses it follows', async () => {
  await using engine = await withPack(`# mine\nurl: http://one\ntoken: ${PLANTED}\nretries: 1\n`);
  // The base environment, once it is there, restarts sensors for its own sake.
  await engine.run('core.uuid');
  const result = await shown(engine);
  expect(result).toMatchObject({ url: 'http://one', secret_length: PLANTED.length });
  expect(result.config).toMatchObject({
    token: '********',
    retries: 1,
    level: 'low',
    connection: { host: 'localhost', port: 5432 },
  });

  // By hand: only what really changed restarts.
  const first = await sensorSees(engine, 'http://one');
  await writeFile(configFile(engine), `# mine, again\nurl: http://one\ntoken: ${PLANTED}\nretries: 1\n`);
  await engine.client.packs.saveConfig({ ...REF, values: { url: 'http://one', token: '********', retries: 1 } });
  expect((await sensor(engine))?.pid).toBe(first.pid);
  await writeFile(configFile(engine), `url: http://two\ntoken: ${PLANTED}\n`);
  const second = await sensorSees(engine, 'http://two');
  expect(second.pid).not.toBe(first.pid);
  expect(await shown(engine)).toMatchObject({ url: 'http://two' });

  // By a key.
  await engine.client.keys.set({ name: 'place.url', value: 'http://three' });
  const saved = await engine.client.packs.saveConfig({
    ...REF,
    values: { url: '{{ st2kv.system.place.url }}', token: '********' },
  });
  expect(saved).toMatchObject({ effective: { url: 'http://three', token: '********' }, readable: ['token'] });
  const third = await sensorSees(engine, 'http://three');
  await engine.client.keys.set({ name: 'place.url', value: 'http://four' });
  expect((await sensorSees(engine, 'http://four')).pid).not.toBe(third.pid);
  expect(await shown(engine)).toMatchObject({ url: 'http://four' });
  const fourth = await sensor(engine);
  await engine.client.keys.set({ name: 'place.other', value: 'x' });
  await engine.client.keys.set({ name: 'place.url', value: 'http://four' });
  expect(await shown(engine)).toMatchObject({ url: 'http://four' });
  expect((await sensor(engine))?.pid).toBe(fourth?.pid);

  // Written by a process of a pack, which tells nobody.
  const store = new DatabaseSync(path.join(engine.home, 'data', 'datastore.db'));
  store.exec("UPDATE keys SET value = 'http://five' WHERE name = 'place.url'");
  store.close();
  await sensorSees(engine, 'http://five');
});

test('a saved secret goes encrypted into the datastore, reaches the pack, and stands nowhere else', async () => {
  await using engine = await withPack('# mine\nurl: http://one # the first\n');
  const saved = await engine.client.packs.saveConfig({
    ...REF,
    values: { url: 'http://one', token: PLANTED, servers: [{ host: 'a', password: `${PLANTED}-a` }] },
  });
  const reference = "{{ st2kv.system['config.configured.token'] }}";
  expect(saved).toMatchObject({ readable: [], effective: { token: '********' }, values: { token: reference } });
  const text = await readFile(configFile(engine), 'utf8');
  expect(text).toContain('# mine\nurl: http://one # the first\n');
  expect(text).toContain(reference);
  if (process.platform !== 'win32') expect((await stat(configFile(engine))).mode & 0o777).toBe(0o600);
  expect(await shown(engine)).toMatchObject({ secret_length: PLANTED.length });
  const status = await sensorSees(engine, '********');
  await engine.run('configured.missing');

  const { client } = engine;
  const told = [
    await client.packs.config(REF),
    await client.packs.get(REF),
    await client.keys.list({}),
    await client.executions.page({}),
    await client.sensors.list(),
    await client.notifications.recent(),
    status,
    engine.notices,
    engine.log,
  ];
  expect(JSON.stringify(told)).not.toContain(PLANTED);
  const output = JSON.stringify(await client.executions.page({}));
  expect(output).toContain('note token ********');
  expect(await filesWith(engine.home, PLANTED)).toEqual([]);

  // Taken away, its key goes as well.
  await client.packs.saveConfig({ ...REF, values: { url: 'http://one' } });
  expect(await client.keys.list({})).toEqual([]);
});

test('what cannot be rendered is one fault with pack, key and line, and stops nothing else', async () => {
  await using engine = await withPack('url: http://one\n\ntoken: "{{ st2kv.system.open }}"\n');
  await engine.client.keys.set({ name: 'open', value: PLANTED });
  const status = await until('the sensor says why', async () => {
    const found = await sensor(engine);
    return found?.why?.includes('cannot be used') && found;
  });
  expect(status).toMatchObject({ state: 'not-ready' });
  const place = `${configFile(engine)}:3`;
  const fault = {
    code: 'config/render-failed',
    message: expect.stringContaining(`the pack \`configured\` cannot be used: \`token\` in ${place}: it is a secret`),
  };
  await expect(engine.run('configured.show')).rejects.toMatchObject(fault);
  const { problems } = await engine.client.packs.get(REF);
  expect(problems).toContainEqual(expect.objectContaining({ code: 'config/render-failed' }));

  await engine.client.keys.set({ name: 'open', value: PLANTED, secret: true });
  expect(await shown(engine)).toMatchObject({ secret_length: PLANTED.length });
  await sensorSees(engine, '********');
});

test('an expression that gives nothing for what is required is told, with its place', async () => {
  await using engine = await withPack('token: "{{ st2kv.system.none }}"\nurl: "{{ st2kv.system.none }}"\n');
  const asked = () => engine.client.packs.get(REF);
  const { missingConfig, problems } = await until('it is told', async () => {
    const detail = await asked();
    return detail.missingConfig.length > 0 && detail;
  });
  expect(missingConfig).toEqual(['url']);
  expect(problems.map(({ message }) => message)).toEqual([
    `the pack requires \`url\`, and its expression in ${configFile(engine)}:2 gives nothing`,
  ]);
  await engine.client.keys.set({ name: 'none', value: 'http://one', secret: true });
  await until('it is no longer', async () => (await asked()).missingConfig.length === 0);
});

test('an action that reads what nobody set is told so', async () => {
  await using engine = await withPack('token: x\n');
  const { fault } = await engine.run('configured.missing');
  expect(fault?.message).toMatch(/ValueError|MissingConfigValue/);
  expect(JSON.stringify(fault)).toContain('needs the configuration value `nowhere`');
  const [summary] = (await engine.client.packs.list()).filter(({ ref }) => ref === 'configured');
  expect(summary?.missingConfig).toEqual(['url']);
});

test('saving checks the values, keeps what it does not know, and refuses to overwrite what another wrote', async () => {
  await using engine = await withPack('url: http://one\nretries: many\nextra: {kept: true}\n');
  const { client } = engine;
  const { values, revision } = await client.packs.config(REF);
  await expect(client.packs.saveConfig({ ...REF, values: { ...values, level: 'middle' } })).rejects.toMatchObject({
    code: 'config/invalid',
    details: { problems: [{ path: 'level' }] },
  });
  // `retries` was wrong before, and is no reason to refuse the rest.
  const saved = await client.packs.saveConfig({ ...REF, values: { ...values, level: 'high' }, revision });
  expect(saved.values).toEqual({ url: 'http://one', retries: 'many', extra: { kept: true }, level: 'high' });
  await expect(client.packs.saveConfig({ ...REF, values, revision })).rejects.toMatchObject({
    code: 'config/changed-meanwhile',
  });
  await expect(client.packs.saveConfig({ ...REF, yaml: 'url: "\n' })).rejects.toMatchObject({
    code: 'config/not-yaml',
    message: expect.stringContaining(`${configFile(engine)}:`),
  });
  const yaml = `# rewritten\nurl: http://two\ntoken: ${PLANTED}\n`;
  const rewritten = await client.packs.saveConfig({ ...REF, yaml });
  expect(rewritten.yaml).toBe(`# rewritten\nurl: http://two\ntoken: "{{ st2kv.system['config.configured.token'] }}"\n`);
});

test('a secret that a person wrote is masked in its file’s text, kept when saved, and encrypted when asked', async () => {
  await using engine = await withPack(`url: http://one\ntoken: ${PLANTED} # by hand\n`);
  const { client } = engine;
  const read = await client.packs.config(REF);
  expect(read).toMatchObject({ readable: ['token'], values: { token: '********' } });
  expect(read.yaml).toBe('url: http://one\ntoken: "********" # by hand\n');
  await client.packs.saveConfig({ ...REF, yaml: read.yaml.replace('one', 'two') });
  expect(await readFile(configFile(engine), 'utf8')).toContain(PLANTED);
  const sealed = await client.packs.saveConfig({ ...REF, encrypt: true });
  expect(sealed).toMatchObject({ readable: [], effective: { token: '********', url: 'http://two' } });
  expect(await filesWith(engine.home, PLANTED)).toEqual([]);
  await expect(client.keys.decrypt({ name: 'config.configured.token' })).rejects.toMatchObject({
    code: 'key/terminal-only',
  });
  await rm(configFile(engine));
  await until('the file is gone', async () => !(await client.packs.config(REF)).exists);
});

/** Every file below the folder that holds the text, databases and their logs included. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.parentPath.includes('base-environment') && !entry.parentPath.includes('.versions'),
    )
    .map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.some((file) => file.endsWith('stormlet.db'))).toBe(true);
  const read = await Promise.all(
    files.map(async (file) => ({ file, bytes: await readFile(file, 'latin1').catch(() => '') })),
  );
  return read.filter(({ bytes }) => bytes.includes(text)).map(({ file }) => file);
}
