import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../main/kit/log.ts';
import { Catalogue } from '../../../main/packs/sources/catalogue.ts';
import { readIndex } from '../../../main/packs/sources/catalogue-index.ts';
import { downloadText } from '../../../main/packs/sources/download.ts';
import { findInCatalogue } from '../../../main/packs/sources/find-in-catalogue.ts';
import { listCatalogue } from '../../../main/packs/sources/list-catalogue.ts';
import { searchCatalogue } from '../../../main/packs/sources/search-catalogue.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeFiles } from '../pack-stage.ts';
import { serve } from './serve-folder.ts';

const HOUR = 3_600_000;
const never = new AbortController().signal;
const entry = (name: string, more: object = {}) => ({
  [name]: { name, repo_url: `https://host/${name}.git`, ...more },
});
const index = (...entries: object[]) => JSON.stringify({ metadata: {}, packs: Object.assign({}, ...entries) });

/** A server whose answer the test sets, and catalogues that read it. */
async function catalogueStage(sources?: (url: string) => string[]) {
  const home = await tempFolder();
  const answer = { status: 200, text: index(entry('aws')) };
  const server = await serve((_request, response) => response.writeHead(answer.status).end(answer.text));
  const clock = new FakeClock();
  const url = `${server.url}/index.json`;
  const open = () =>
    new Catalogue({
      sources: () => sources?.(url) ?? [url],
      fetchText: (address, signal) =>
        downloadText(
          { environment: {}, idleMs: 5000 },
          { url: address, maxBytes: 1024 * 1024, totalMs: 30_000 },
          signal,
        ),
      cacheFolder: path.join(home.path, 'catalogues'),
      home: home.path,
      clock,
      log: silentLog,
    });
  return {
    ...{ home: home.path, answer, server, clock, url, open, catalogue: open() },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

describe('a catalogue', () => {
  test('is fetched once and then read from its copy, by the next run of the app too, until it is half a day old', async () => {
    await using stage = await catalogueStage();
    const [first] = await stage.catalogue.read(never);
    expect(first).toMatchObject({ source: stage.url, packs: [{ ref: 'aws' }] });
    expect(first?.fetchedAt).toBe(new Date(stage.clock.now()).toISOString());
    await stage.catalogue.read(never);
    await stage.open().read(never);
    expect(stage.server.requests).toHaveLength(1);
    stage.clock.advance(12 * HOUR);
    stage.answer.text = index(entry('aws'), entry('jira'));
    const [later] = await stage.catalogue.read(never);
    expect(later?.packs.map(({ ref }) => ref)).toEqual(['aws', 'jira']);
    expect(stage.server.requests).toHaveLength(2);
  });

  test('is fetched on demand whatever its age', async () => {
    await using stage = await catalogueStage();
    await stage.catalogue.read(never);
    await stage.catalogue.read(never, true);
    expect(stage.server.requests).toHaveLength(2);
  });

  test('that cannot be reached gives its old copy with its age, and is not asked again at once', async () => {
    await using stage = await catalogueStage();
    const [{ fetchedAt } = {}] = await stage.catalogue.read(never);
    stage.clock.advance(48 * HOUR);
    stage.answer.status = 503;
    const [old] = await stage.catalogue.read(never);
    expect(old).toMatchObject({ fetchedAt, packs: [{ ref: 'aws' }], problem: { code: 'download/refused' } });
    expect(old?.problem?.message).toContain('the server answers 503 Service Unavailable');
    await stage.catalogue.read(never);
    expect(stage.server.requests).toHaveLength(2);
    stage.clock.advance(HOUR);
    stage.answer.status = 200;
    expect((await stage.catalogue.read(never))[0]?.problem).toBeUndefined();
  });

  test('that turns into something else keeps the copy that could be read', async () => {
    await using stage = await catalogueStage();
    await stage.catalogue.read(never);
    stage.answer.text = '<html>';
    const [reading] = await stage.catalogue.read(never, true);
    expect(reading).toMatchObject({ packs: [{ ref: 'aws' }], problem: { code: 'catalogue/malformed' } });
  });

  test('is fetched once for all that ask at one time', async () => {
    await using stage = await catalogueStage();
    await Promise.all([1, 2, 3].map(() => stage.catalogue.read(never)));
    expect(stage.server.requests).toHaveLength(1);
  });

  test('whose copy was spoiled is fetched anew', async () => {
    await using stage = await catalogueStage();
    await stage.catalogue.read(never);
    const folder = path.join(stage.home, 'catalogues');
    const [name = ''] = await readdir(folder);
    expect(JSON.parse(await readFile(path.join(folder, name), 'utf8'))).toMatchObject({
      version: 1,
      source: stage.url,
    });
    await writeFiles(folder, { [name]: '{"version":1' });
    expect((await stage.open().read(never))[0]?.packs).toHaveLength(1);
    expect(stage.server.requests).toHaveLength(2);
  });

  test('may be a file, which is read each time; the first of several has a name’s say', async () => {
    await using stage = await catalogueStage((url) => ['~/own.json', url]);
    await writeFiles(stage.home, { 'own.json': index(entry('aws', { version: '9.0.0' })) });
    const readings = await stage.catalogue.read(never);
    expect(readings.map(({ packs }) => packs.length)).toEqual([1, 1]);
    expect(await findInCatalogue(stage.catalogue, 'aws', [], never)).toMatchObject({ version: '9.0.0' });
    await writeFiles(stage.home, { 'own.json': index() });
    expect((await stage.catalogue.read(never))[0]?.packs).toEqual([]);
  });

  test('that is a file which is not there is a problem of its own', async () => {
    await using stage = await catalogueStage((url) => ['/no/such.json', url]);
    const [missing, served] = await stage.catalogue.read(never);
    expect(missing).toMatchObject({ packs: [], problem: { code: 'catalogue/unreadable' } });
    expect(missing?.problem?.message).toMatch(/the catalogue `\/no\/such\.json` cannot be read: ENOENT/);
    expect(served?.packs).toHaveLength(1);
  });
});

describe('an index', () => {
  test('is read as loosely as the published one is written', () => {
    const odd = { name: 'hpe-icsp', ref: 'hpe_icsp', version: 0.1, keywords: null, author: null, description: ' x\n' };
    expect(readIndex('x', index(entry('hpe_icsp', odd), entry('one', { keywords: 'solo' })))).toEqual([
      {
        ...{ ref: 'hpe_icsp', name: 'hpe-icsp', description: 'x', version: '0.1', author: '', keywords: [] },
        url: 'https://host/hpe_icsp.git',
      },
      expect.objectContaining({ ref: 'one', keywords: ['solo'] }),
    ]);
  });

  test('leaves out what has no repository', () => {
    expect(readIndex('x', index(entry('a'), { b: { name: 'b' }, c: null, d: 'text' })).map(({ ref }) => ref)).toEqual([
      'a',
    ]);
  });

  test.each([
    ['no JSON', 'nonsense', /no index of packs: Unexpected token/],
    ['a list', '[]', /has no map `packs`/],
    ['without packs', '{"metadata": {}}', /has no map `packs`/],
    ['of packs without repositories', '{"packs": {"a": {}}}', /none of its packs has a `repo_url`/],
  ])('that is %s is refused in one sentence', (_, json, message) => {
    expect(() => readIndex('https://host/index.json', json)).toThrow(message);
  });
});

test('a search finds by all its words: name before keyword before description', () => {
  const pack = (ref: string, description = '', ...keywords: string[]) => ({ ref, name: ref, description, keywords });
  const packs = [
    pack('mail', 'Sends what git says'),
    pack('gitlab', 'Issues'),
    pack('scm', '', 'git', 'issues'),
    pack('git', 'Repositories'),
    pack('legit', ''),
  ];
  const find = (text: string) => searchCatalogue(packs, text).map(({ ref }) => ref);
  expect(find('GIT')).toEqual(['git', 'gitlab', 'legit', 'scm', 'mail']);
  expect(find('git issues')).toEqual(['gitlab', 'scm']);
  expect(find('nothing')).toEqual([]);
  expect(find('  ')).toEqual(packs.map(({ ref }) => ref));
});

test('what a search shows has the app’s own packs first, each ref once, and what is installed', () => {
  const [aws, examples] = readIndex('x', index(entry('aws', { version: '2.0.0' }), entry('examples')));
  const bundled = [{ ref: 'examples', name: 'examples', description: '', version: '0.1.0', installed: false }];
  const page = listCatalogue(
    {
      bundled: bundled as never,
      readings: [{ source: 'x', packs: [aws, examples].filter((pack) => pack !== undefined) }],
      installedVersion: (ref) => (ref === 'aws' ? '1.0.0' : undefined),
    },
    { search: '', limit: 1 },
  );
  expect(page).toMatchObject({ total: 2, hits: [{ ref: 'examples', from: 'app' }], catalogues: [{ packs: 2 }] });
  expect(
    listCatalogue(
      { bundled: [], readings: [{ source: 'x', packs: aws ? [aws] : [] }], installedVersion: () => '1.0.0' },
      { search: 'aws', limit: 9 },
    ).hits,
  ).toEqual([expect.objectContaining({ ref: 'aws', from: 'catalogue', version: '2.0.0', installed: '1.0.0' })]);
});

describe('a name', () => {
  test('that no catalogue has is told with the nearest ones', async () => {
    await using stage = await catalogueStage();
    stage.answer.text = index(entry('github'), entry('gitlab'), entry('aws'));
    await expect(findInCatalogue(stage.catalogue, 'githob', ['examples'], never)).rejects.toMatchObject({
      code: 'pack/source-unknown',
      message: '`githob` is no pack that ships with the app, and none of a catalogue',
      hint: 'did you mean `github` or `gitlab`?',
    });
    await expect(findInCatalogue(stage.catalogue, 'exampels', ['examples'], never)).rejects.toMatchObject({
      hint: 'did you mean `examples`?',
    });
    await expect(findInCatalogue(stage.catalogue, 'nonsense', [], never)).rejects.toMatchObject({
      hint: expect.stringContaining('`stormlet pack search`'),
    });
  });

  test('that cannot be looked up says why, once', async () => {
    await using stage = await catalogueStage();
    await stage.server[Symbol.asyncDispose]();
    await expect(findInCatalogue(stage.catalogue, 'aws', [], never)).rejects.toMatchObject({
      code: 'catalogue/unreachable',
      kind: 'environment',
      message: expect.stringMatching(/^what `aws` is cannot be looked up: `.*` could not be fetched: .*ECONNREFUSED/),
    });
  });
});
