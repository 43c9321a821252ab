import path from 'node:path';
import { expect, test } from 'vitest';
import { buildRunners } from '../../main/engine/build-runners.ts';
import { dataFolders } from '../../main/engine/data-folders.ts';
import type { Host } from '../../main/host.ts';
import { KNOWN_RUNNERS } from '../../main/runners/known-runners.ts';
import type { PythonProcesses } from '../../main/runners/python-script/python-processes.ts';

test('the list of known runners is that of the engine', () => {
  const host = { environment: {}, folders: { config: '/c', data: '/d', builtInPacks: '/b', python: '/p', node: '/n' } };
  const runners = buildRunners({
    host: host as unknown as Host,
    folders: dataFolders({ ...host.folders, data: path.resolve('/d') }),
    operations: {},
    processes: {} as PythonProcesses,
    sharedSitePackages: () => [],
    onStart: () => {},
    connection: () => ({ bus: {}, [Symbol.dispose]() {} }),
    announce: () => {},
    runWorkflow: async () => ({ status: 'canceled' }),
  });
  expect(KNOWN_RUNNERS).toEqual(Object.fromEntries([...runners].map(([name, runner]) => [name, runner.parameters])));
});
