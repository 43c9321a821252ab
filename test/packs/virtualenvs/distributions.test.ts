import path from 'node:path';
import { expect, test } from 'vitest';
import { listDistributions, lockedRequirements } from '../../../main/packs/virtualenvs/distributions.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeFiles } from '../pack-stage.ts';

const metadata = (name: string, version: string) =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\nVersion: not this one\n`;

test('what every kind of installer leaves is read: wheels, eggs, and addresses with their commits', async () => {
  await using folder = await tempFolder();
  const repository = { url: 'https://example.org/x', vcs_info: { vcs: 'git', commit_id: 'abc' } };
  const inside = { url: 'https://example.org/y.zip', subdirectory: 'lib', archive_info: {} };
  await writeFiles(folder.path, {
    'zebra-1.0.dist-info/METADATA': metadata('zebra', '1.0'),
    'Apple-2.0rc1.dist-info/METADATA': metadata('Apple', '2.0rc1'),
    'pip-24.0.dist-info/METADATA': metadata('pip', '24.0'),
    'old-0.1.egg-info/PKG-INFO': metadata('old', '0.1'),
    'older-0.2.egg-info': metadata('older', '0.2'),
    'broken-1.dist-info/METADATA': 'nothing of use',
    'x-1.dist-info/METADATA': metadata('x', '1'),
    'x-1.dist-info/direct_url.json': JSON.stringify(repository),
    'y-1.dist-info/METADATA': metadata('y', '1'),
    'y-1.dist-info/direct_url.json': JSON.stringify(inside),
    'z-1.dist-info/METADATA': metadata('z', '1'),
    'z-1.dist-info/direct_url.json': '{',
    'zebra/__init__.py': '',
  });
  expect(await listDistributions(folder.path)).toEqual([
    { name: 'Apple', version: '2.0rc1' },
    { name: 'old', version: '0.1' },
    { name: 'older', version: '0.2' },
    { name: 'x', version: '1', url: 'git+https://example.org/x@abc' },
    { name: 'y', version: '1', url: 'https://example.org/y.zip#subdirectory=lib' },
    { name: 'z', version: '1' },
    { name: 'zebra', version: '1.0' },
  ]);
  expect(await listDistributions(path.join(folder.path, 'gone'))).toEqual([]);
});

test('a lock names exact versions and commits, and keeps from where they come and what is local', () => {
  const requirements = [
    '--extra-index-url https://example.org/simple',
    'requests>=2',
    'git+https://example.org/x@main',
    '-e git+https://example.org/w#egg=w',
    '-r more.txt',
    './vendor/local',
    '-e ./vendor/editable',
  ];
  const distributions = [
    { name: 'requests', version: '2.32.3' },
    { name: 'x', version: '1', url: 'git+https://example.org/x@abc' },
    { name: 'local', version: '1', url: 'file:///packs/one/vendor/local' },
  ];
  expect(lockedRequirements(distributions, requirements, '/packs/one').split('\n')).toEqual([
    '--extra-index-url https://example.org/simple',
    '/packs/one/vendor/local',
    '-e /packs/one/vendor/editable',
    'requests==2.32.3',
    'x @ git+https://example.org/x@abc',
    '',
  ]);
});
