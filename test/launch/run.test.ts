import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { LaunchError, run } from '../../main/launch/run.mjs';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const node = process.execPath;

test('a program’s exit code is passed on, and a signal counts as a shell counts it', async () => {
  expect(await run(node, ['-e', 'process.exit(3)'])).toBe(3);
  expect(await run(node, ['-e', 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)'])).toBe(137);
});

test('a program that is not there is named', async () => {
  await expect(run('/no/such/program', [])).rejects.toThrow(LaunchError);
  await expect(run('/no/such/program', [])).rejects.toThrow('`/no/such/program` could not be started');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to the launcher reaches the app, whose end is awaited',
  async (signal) => {
    await using folder = await tempFolder();
    const app = path.join(folder.path, 'app.mjs');
    const launcher = path.join(folder.path, 'launcher.mjs');
    await writeFile(
      app,
      `process.on('${signal}', () => { console.log('stopping'); setTimeout(() => process.exit(7), 50); });
     setInterval(() => {}, 1000);
     console.log('started');`,
    );
    const runModule = pathToFileURL(path.resolve('main/launch/run.mjs')).href;
    await writeFile(
      launcher,
      `import { exitWith, run } from '${runModule}';
     await exitWith(() => run(process.execPath, [${JSON.stringify(app)}]));`,
    );
    const child = spawn(node, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await until('the app has started', () => output.includes('started'));
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(7);
    expect(output).toContain('stopping');
  },
);
