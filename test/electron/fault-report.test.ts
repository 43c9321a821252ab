import { expect, test } from 'vitest';
import { faultReport, withoutSecrets } from '../../main/electron/fault-report.ts';

test('a report has the versions and each cause, and no folder of a person', () => {
  const cause = new Error('ENOSPC: no space left, open /home/someone/.local/x');
  const report = faultReport({
    error: new Error('the history could not be written', { cause }),
    version: '1.2.3',
    platform: 'linux',
    versions: { electron: '45.4.1', chrome: '156.0', node: '24.1', v8: '15' },
    home: '/home/someone',
    at: '2026-01-01T00:00:00.000Z',
  });
  expect(report).toMatch(/^Stormlet 1.2.3 on linux\nelectron 45.4.1, chrome 156.0, node 24.1\n2026-01-01/);
  expect(report).toContain('Caused by: Error: ENOSPC: no space left, open ~/.local/x');
  expect(report).not.toContain('someone');
});

test.each([
  'fatal: could not read from https://me:hunter2hunter2@example.org/pack.git',
  'mqtt://pack-hello:hunter2hunter2@127.0.0.1:1883',
  'Authorization: Bearer hunter2hunter2',
  '{"password":"hunter2hunter2","user":"me"}',
  "api_key='hunter2hunter2'",
  'GET /x?token=hunter2hunter2&page=2',
  'the key is hunter2hunter2hunter2hunter2hunter2',
])('a report holds no secret: %s', (text) => {
  expect(withoutSecrets(text, '')).not.toContain('hunter2');
});

test.each([
  'at Engine.start (file:///app/out/main/desktop.js:12345:67)',
  'Error [ERR_MODULE_NOT_FOUND]: Cannot find package',
  'at async Promise.all (index 0)',
  'at Window.<anonymous> (node:internal/process/task_queues:105:5)',
])('a report keeps what tells where: %s', (text) => {
  expect(withoutSecrets(text, '/home/me')).toBe(text);
});
