import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

export type Mosquitto = { readonly pid: number; readonly port: number; readonly url: string } & AsyncDisposable;

/** The Mosquitto at `program`, on loopback and a free port, open to anybody. */
export async function startMosquitto(program: string): Promise<Mosquitto> {
  const folder = await tempFolder();
  const port = await freePort();
  const config = path.join(folder.path, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const broker = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  broker.stderr.on('data', (text) => (log += String(text)));
  const ended = new Promise<void>((resolve) => broker.once('exit', () => resolve()));
  await until('mosquitto runs', () => {
    if (broker.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
    return log.includes('running');
  });
  return {
    pid: broker.pid ?? 0,
    port,
    url: `mqtt://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      broker.kill('SIGTERM');
      await ended;
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Mosquitto cannot be asked to choose one itself. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
