import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startHeadlessApp, stormlet } from '../support/headless-app.ts';
import { blocksOfReadme } from '../support/readme.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const [command] = blocksOfReadme('sh by-hand with-app');

test.skipIf(process.platform !== 'linux')(
  'a sensor that is started by hand as the README says publishes to the running app',
  async () => {
    await using home = await tempFolder();
    await using app = await startHeadlessApp(home.path, { asUser: true });
    expect(await stormlet(app, 'pack', 'install', 'examples')).toMatchObject({ exitCode: 0 });
    const sensor = spawn('bash', ['-c', command?.text ?? ''], {
      cwd: path.resolve('.'),
      env: app.environment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaints = '';
    sensor.stderr.on('data', (text) => (complaints += String(text)));
    try {
      const instance = await until('its event was recorded', async () => {
        if (sensor.exitCode !== null) throw new Error(`it ended: ${complaints}`);
        const { items } = await app.client.triggers.page({ trigger: 'examples.disk_space' });
        return items.find(({ source }) => source === 'pack:examples');
      });
      expect(instance).toMatchObject({
        status: expect.stringMatching(/pending|processed/),
        payload: { path: home.path },
      });
    } finally {
      if (sensor.pid !== undefined && sensor.exitCode === null) process.kill(-sensor.pid, 'SIGTERM');
    }
  },
);
