import { readFile, readlink, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { unpackArchive } from '../../../main/packs/sources/unpack-archive.ts';
import { packYaml, writeFiles } from '../pack-stage.ts';
import { makeArchive, type PackedEntry } from './make-archive.ts';
import { serve, serveFolder } from './serve-folder.ts';
import { type SourceStage, sourceStage } from './source-stage.ts';

const HELLO: readonly PackedEntry[] = [
  { name: 'hello-1.0/pack.yaml', text: packYaml('hello') },
  { name: 'hello-1.0/actions/run.sh', text: 'echo hi\n', mode: 0o755 },
  { name: 'hello-1.0/data/ünï.txt', text: 'grüße' },
  { name: 'hello-1.0/data/link.txt', kind: 'symlink', target: 'ünï.txt' },
];

const packed = (stage: SourceStage, name: string, entries: readonly PackedEntry[]) =>
  makeArchive(stage.at(name), entries);

describe.each(['zip', 'tar.gz'])('an archive `.%s`', (ending) => {
  test('gives the pack in its top folder, with links and executable bits', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, `hello.${ending}`, HELLO);
    expect(await stage.fetch(file)).toEqual({ kind: 'archive', origin: file, folder: stage.into });
    expect(await stage.files()).toEqual(['actions/run.sh', 'data/link.txt', 'data/ünï.txt', 'pack.yaml']);
    expect((await stat(path.join(stage.into, 'actions/run.sh'))).mode & 0o777).toBe(0o755);
    expect((await stat(path.join(stage.into, 'pack.yaml'))).mode & 0o111).toBe(0);
    expect(await readlink(path.join(stage.into, 'data/link.txt'))).toBe('ünï.txt');
    expect(await readFile(path.join(stage.into, 'data/link.txt'), 'utf8')).toBe('grüße');
    expect(await stage.left()).toEqual(['.staging-1']);
  });

  test.each<[string, RegExp, PackedEntry[]]>([
    ['leads out of it', /`a\/\.\.\/\.\.\/x` leads out/, [{ name: 'a/../../x', text: 'x' }]],
    ['is an absolute path', /`\/tmp\/x` is an absolute path/, [{ name: '/tmp/x', text: 'x' }]],
    ['is a path with a drive', /`C:\/x` is an absolute path/, [{ name: 'C:/x', text: 'x' }]],
    ['is a link to the outside', /`l` is a link that leads out/, [{ name: 'l', kind: 'symlink', target: '../x' }]],
    ['is a link to the root', /to `\/etc\/passwd`/, [{ name: 'l', kind: 'symlink', target: '/etc/passwd' }]],
    ['is a device', /`d` is neither a file nor a folder nor a link/, [{ name: 'd', kind: 'device' }]],
    [
      'is there twice',
      /`x` is in it twice/,
      [
        { name: 'x', text: '1' },
        { name: './x', text: '2' },
      ],
    ],
    [
      'lies behind another one, a link',
      /`a\/b\/up` is in it twice/,
      [
        { name: 'a/b/up', kind: 'symlink', target: '../..' },
        { name: 'a/b/up/l', kind: 'symlink', target: '..' },
      ],
    ],
  ])('is refused when an entry %s', async (_, message, entries) => {
    await using stage = await sourceStage();
    const fetching = stage.fetch(await packed(stage, `sly.${ending}`, [...HELLO, ...entries]));
    await expect(fetching).rejects.toMatchObject({ code: 'pack/archive-refused', kind: 'pack' });
    await expect(fetching).rejects.toThrow(message);
    expect(await stage.left()).toEqual([]);
  });

  test('never writes through a link, whatever the order of its entries', async () => {
    await using stage = await sourceStage();
    await writeFiles(stage.at(), { 'target/keep.txt': 'kept' });
    const entries: PackedEntry[] = [
      ...HELLO,
      { name: 'hello-1.0/out', kind: 'symlink', target: 'data' },
      { name: 'hello-1.0/out/written.txt', text: 'x' },
    ];
    const fetching = stage.fetch(await packed(stage, `sly.${ending}`, entries));
    await expect(fetching).rejects.toThrow(/`hello-1\.0\/out` is in it twice/);
  });

  test.each([
    ['without a pack.yaml', [{ name: 'readme.txt', text: '' }], 'pack/manifest-missing', /has no pack\.yaml/],
    [
      'with two packs',
      ['one', 'two'].map((name) => ({ name: `all/${name}/pack.yaml`, text: packYaml(name) })),
      'pack/several',
      /holds 2 packs: `one`, `two`/,
    ],
  ])('%s is told as that', async (_, entries, code, message) => {
    await using stage = await sourceStage();
    const fetching = stage.fetch(await packed(stage, `odd.${ending}`, entries));
    await expect(fetching).rejects.toMatchObject({ code });
    await expect(fetching).rejects.toThrow(message);
  });

  test('that is cut off is told as damaged', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, `cut.${ending}`, [...HELLO, { name: 'more', text: 'xyz'.repeat(9999) }]);
    await truncate(file, Math.floor((await stat(file)).size * 0.6));
    await expect(stage.fetch(file)).rejects.toMatchObject({
      code: 'pack/archive-invalid',
      message: expect.stringContaining(`the archive \`${file}\` cannot be read`),
      hint: expect.stringContaining('damaged'),
    });
  });

  test('that is called off while it is unpacked leaves nothing', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, `hello.${ending}`, HELLO);
    const fetching = stage.fetch(file, AbortSignal.abort('canceled'));
    await expect(fetching).rejects.toMatchObject({ code: 'operation/canceled' });
    expect(await stage.left()).toEqual([]);
  });

  test('keeps to its limits: entries, bytes', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, `big.${ending}`, HELLO);
    await writeFiles(stage.at('out'), { '.keep': '' });
    const unpack = (limits: { entries: number; bytes: number }) =>
      unpackArchive(file, 'big', stage.at('out'), new AbortController().signal, { ratio: 200, ...limits });
    await expect(unpack({ entries: 3, bytes: 9999 })).rejects.toThrow(/has more than 3 entries/);
    await expect(unpack({ entries: 99, bytes: 50 })).rejects.toThrow(/unpacks to more than/);
  });
});

test.each(['tgz', 'tar'])('an archive `.%s` is one too', async (ending) => {
  await using stage = await sourceStage();
  await stage.fetch(await packed(stage, `hello.${ending}`, HELLO));
  expect(await stage.files()).toEqual(['actions/run.sh', 'data/link.txt', 'data/ünï.txt', 'pack.yaml']);
});

describe('a bomb', () => {
  test.each(['zip', 'tar.gz'])('of zeros in a `.%s` is refused before it is unpacked', async (ending) => {
    await using stage = await sourceStage();
    const file = await packed(stage, `bomb.${ending}`, [...HELLO, { name: 'zeros', bytes: 32 * 1024 * 1024 }]);
    await expect(stage.fetch(file)).rejects.toMatchObject({
      code: 'pack/archive-too-large',
      message: `the archive \`${file}\` is refused: it unpacks to more than 200 times its size, with \`zeros\``,
    });
  });

  test('that says it holds 10 GB is refused by its header', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, 'bomb.tar', [{ name: 'big.bin', bytes: 512 }]);
    const bytes = await readFile(file);
    bytes.write(`${(10 * 1024 ** 3).toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    bytes.write('        ', 148, 'latin1');
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    await writeFile(file, bytes);
    await expect(stage.fetch(file)).rejects.toThrow(/unpacks to more than 512 MiB, with `big\.bin`/);
  });

  test('that lies about its size is stopped when it has given what it said', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, 'liar.zip', [{ name: 'zeros', bytes: 8 * 1024 * 1024 }]);
    const bytes = await readFile(file);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(8 * 1024 * 1024);
    for (let at = bytes.indexOf(size); at >= 0; at = bytes.indexOf(size, at + 4)) bytes.writeUInt32LE(10, at);
    await writeFile(file, bytes);
    await expect(stage.fetch(file)).rejects.toThrow(/cannot be read: .*too many bytes/);
  });

  test('of headers that never become an entry is stopped as well', async () => {
    await using stage = await sourceStage();
    const file = await packed(stage, 'headers.tar.gz', [{ name: 'x', bytes: 4096 }]);
    await writeFiles(stage.at('out'), { '.keep': '' });
    const limits = { entries: 99, bytes: 4096, ratio: 200 };
    const unpacking = unpackArchive(file, 'headers', stage.at('out'), new AbortController().signal, limits);
    await expect(unpacking).rejects.toThrow(/more than a pack may have/);
  });
});

test('a hard link becomes a file of its own', async () => {
  await using stage = await sourceStage();
  const entries: PackedEntry[] = [
    ...HELLO,
    { name: 'hello-1.0/two.yaml', kind: 'hardlink', target: 'hello-1.0/pack.yaml' },
  ];
  await stage.fetch(await packed(stage, 'hello.tar.gz', entries));
  expect(await readFile(path.join(stage.into, 'two.yaml'), 'utf8')).toBe(packYaml('hello'));
  await using other = await sourceStage();
  const out: PackedEntry[] = [...HELLO, { name: 'x', kind: 'hardlink', target: '../../secret' }];
  await expect(other.fetch(await packed(other, 'sly.tar.gz', out))).rejects.toThrow(/`x` leads out/);
});

test('a file that is no archive is told as that, and a web page as one', async () => {
  await using stage = await sourceStage();
  await writeFiles(stage.at(), { 'a.zip': 'hello', 'b.zip': '<!DOCTYPE html><html></html>', 'c.zip': '' });
  await expect(stage.fetch('~/a.zip')).rejects.toMatchObject({ code: 'pack/not-an-archive' });
  await expect(stage.fetch('~/b.zip')).rejects.toThrow(/but a web page/);
  await expect(stage.fetch('~/c.zip')).rejects.toThrow(/is no `\.zip` and no `\.tar\.gz`/);
});

test('an encrypted archive is told as that', async () => {
  await using stage = await sourceStage();
  const file = await packed(stage, 'secret.zip', [{ name: 'x', text: 'x' }]);
  const bytes = await readFile(file);
  for (const head of ['PK\x01\x02', 'PK\x03\x04']) {
    const at = bytes.indexOf(head, 0, 'latin1') + (head.endsWith('\x02') ? 8 : 6);
    bytes.writeUInt16LE(bytes.readUInt16LE(at) | 1, at);
  }
  await writeFile(file, bytes);
  await expect(stage.fetch(file)).rejects.toThrow(/`x` is encrypted/);
});

describe('an archive on the web', () => {
  test('is downloaded with its percent and then unpacked', async () => {
    await using stage = await sourceStage();
    await writeFiles(stage.at('www'), { '.keep': '' });
    await packed(stage, 'www/hello.zip', HELLO);
    await using server = await serveFolder(stage.at('www'));
    const url = `${server.url}/hello.zip?token=1`;
    expect(await stage.fetch(url)).toEqual({ kind: 'archive', origin: url, folder: stage.into });
    expect(stage.percents.at(-1)).toBe('Downloading 100');
    expect(stage.printed()).toContain(`Downloading ${url}\n`);
  });

  test.each([
    ['that is not there', '/none.zip', /the server answers 404 Not Found/],
    ['that leads in circles', '/circle.zip', /is redirected more than 5 times/],
    ['that leads to a file of the machine', '/file.zip', /leads to `file:\/\/\/etc\/passwd`/],
    ['that is said to be too large', '/large.zip', /is larger than 256 MiB/],
    ['that ends early', '/short.zip', /could not be fetched: aborted/],
    ['that never answers', '/silent.zip', /could not be fetched: no answer for 0\.2 s/],
    ['that falls silent', '/stalls.zip', /could not be fetched: no answer for 0\.2 s/],
  ])('%s is told as that, and nothing is left', async (_, file, message) => {
    await using stage = await sourceStage({ downloads: { environment: {}, idleMs: 200 } });
    await using server = await serve((request, response) => {
      if (request.url === '/circle.zip') response.writeHead(302, { location: '/circle.zip' }).end();
      else if (request.url === '/file.zip') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      else if (request.url === '/large.zip') response.writeHead(200, { 'content-length': 2 ** 40 }).end();
      else if (request.url === '/short.zip') {
        response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy());
      } else if (request.url === '/stalls.zip') response.writeHead(200, { 'content-length': 100 }).write('x');
      else if (request.url !== '/silent.zip') response.writeHead(404).end();
    });
    await expect(stage.fetch(server.url + file)).rejects.toThrow(message);
    expect(await stage.left()).toEqual([]);
  });

  test('is asked for through the proxy of the environment', async () => {
    await using stage = await sourceStage();
    await writeFiles(stage.at('www'), { '.keep': '' });
    await packed(stage, 'www/hello.zip', HELLO);
    await using proxy = await serveFolder(stage.at('www'));
    await using behind = await sourceStage({ downloads: { environment: { http_proxy: proxy.url }, idleMs: 5000 } });
    await behind.fetch('http://packs.example.invalid/hello.zip');
    expect(proxy.requests).toEqual(['http://packs.example.invalid/hello.zip']);
    expect(await behind.files()).toContain('pack.yaml');
  });
});
