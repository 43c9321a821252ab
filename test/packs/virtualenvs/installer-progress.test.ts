import { expect, test } from 'vitest';
import { followInstaller, type InstallerProgress } from '../../../main/packs/virtualenvs/installer-progress.ts';

function told(...texts: string[]): InstallerProgress[] {
  const progress: InstallerProgress[] = [];
  const follow = followInstaller((made) => progress.push(made));
  for (const text of texts) follow(text);
  return progress;
}

test("uv's downloads are told with the share of the announced bytes that is there", () => {
  const printed = [
    'Using Python 3.11.7 environment at: /x\nResolved 9 packages in 181ms\n',
    'Downloading numpy (3.0MiB)\nDownloading lxml (1.0MiB)\n Downloaded lxml\n',
    ' Downloaded numpy\nPrepared 9 packages in 147ms\nInstalled 9 packages in 9ms\n + numpy==2.4.6\n',
  ];
  expect(told(...printed)).toEqual([
    { detail: 'fetching 9 packages' },
    { detail: 'downloading numpy, 0.0 of 3.1 MB', percent: 0 },
    { detail: 'downloading numpy, lxml, 0.0 of 4.2 MB', percent: 0 },
    { detail: 'downloading numpy, 1.0 of 4.2 MB', percent: 25 },
    { detail: 'downloaded, 4.2 of 4.2 MB', percent: 100 },
    { detail: 'installing 9 packages' },
  ]);
});

test('pip tells what it is at, and never a share: it does not know how many there will be', () => {
  const printed = `Collecting requests==2.25.1 (from -r /r.txt (line 1))
  Using cached requests-2.25.1-py2.py3-none-any.whl (61 kB)
Collecting numpy
  Downloading numpy-2.4.6-cp311-manylinux.whl (16.1 MB)
Building wheels for collected packages: old
  Building wheel for old (setup.py): started
Installing collected packages: numpy, old, requests
Successfully installed numpy-2.4.6
`;
  expect(told(printed)).toEqual([
    { detail: 'collecting requests==2.25.1' },
    { detail: 'collecting numpy' },
    { detail: 'downloading numpy-2.4.6-cp311-manylinux.whl, 16.1 MB' },
    { detail: 'building old' },
    { detail: 'installing 3 packages' },
  ]);
});

test('a line that comes in pieces is one line, and one that says nothing is passed over', () => {
  expect(told('Resolved 1 pack', 'age in 3ms\r\nwarning: x\n')).toEqual([{ detail: 'fetching 1 package' }]);
});
