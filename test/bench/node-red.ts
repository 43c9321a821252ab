import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import mqtt, { type MqttClient } from 'mqtt';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { pause } from './statistics.ts';

/**
 * Node-RED as its users have it: MQTT in, a function node, an exec node that starts a pack's Python, MQTT out. It is fetched
 * once into a cache outside the project; nothing of it is a dependency.
 */
export type NodeRed = AsyncDisposable & {
  readonly pid: number;
  readonly client: MqttClient;
  /** Milliseconds from the publish of an event to what the flow publishes in the end. */
  once(flow: NodeRedFlow): Promise<number>;
};

export type NodeRedFlow = 'exec' | 'function';

const VERSION = '4.1.15';
const run = promisify(execFile);

/** Where its program is; undefined where it cannot be fetched, or is not yet there and `mayFetch` is false. */
export async function findNodeRed(mayFetch: boolean): Promise<string | undefined> {
  const cache = path.join(os.homedir(), '.cache', 'stormlet-bench', `node-red-${VERSION}`);
  const program = path.join(cache, 'node_modules', 'node-red', 'red.js');
  if (await exists(program)) return program;
  if (!mayFetch) return undefined;
  await mkdir(cache, { recursive: true });
  const args = ['install', '--prefix', cache, '--no-audit', '--no-fund', '--loglevel=error', `node-red@${VERSION}`];
  try {
    await run('npm', args, { timeout: 180_000 });
  } catch (error) {
    console.error(`Node-RED is left out, because it could not be fetched: ${error}`);
    return undefined;
  }
  return program;
}

/** Resolves when its flows answer. `python` is the interpreter that the exec node starts. */
export async function startNodeRed(program: string, brokerUrl: string, python: string): Promise<NodeRed> {
  const folder = await tempFolder();
  await writeFile(path.join(folder.path, 'settings.js'), SETTINGS);
  await writeFile(path.join(folder.path, 'action.py'), 'import json\nprint(json.dumps("/tmp/notes.md"))\n');
  await writeFile(path.join(folder.path, 'flows.json'), JSON.stringify(flows(brokerUrl, python, folder.path)));
  const child = spawn(
    process.execPath,
    [program, '--userDir', folder.path, '--settings', 'settings.js', 'flows.json'],
    {
      cwd: folder.path,
      stdio: 'ignore',
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const client = await mqtt.connectAsync(brokerUrl, { reconnectPeriod: 0 });
  const end = async () => {
    await client.endAsync(true);
    child.kill('SIGTERM');
    await ended;
    await folder[Symbol.asyncDispose]();
  };
  const waiting = new Map<string, () => void>();
  client.on('message', (_topic, body) => waiting.get((JSON.parse(String(body)) as { id: string }).id)?.());
  await client.subscribeAsync('bench/out/#', { qos: 0 });
  const once = async (flow: NodeRedFlow) => {
    const id = randomUUID();
    const done = new Promise<void>((resolve) => waiting.set(id, resolve));
    const started = performance.now();
    client.publish(`bench/in/${flow}`, JSON.stringify({ id, kind: 'kind42', path: '/tmp/notes.md' }), { qos: 0 });
    await done;
    waiting.delete(id);
    return performance.now() - started;
  };
  // What it is sent before it listens is gone, so it is asked until it answers.
  try {
    // An answer may take longer than the pause to the next question, so any of them will do.
    let answers = false;
    await until('Node-RED answers', async () => {
      void once('function').then(() => (answers = true));
      await pause(10);
      return answers;
    });
  } catch (error) {
    await end();
    throw error;
  }
  return { pid: child.pid ?? 0, client, once, [Symbol.asyncDispose]: end };
}

const SETTINGS = `module.exports = { uiPort: 0, uiHost: '127.0.0.1', httpAdminRoot: false, httpNodeRoot: false,
  logging: { console: { level: 'off' } }, telemetry: { enabled: false } };
`;

/** As many rules as the product is measured with, one of which matches. */
const RULES = `const rules = context.get('rules') || Array.from({ length: 100 }, (_, n) => 'kind' + n);
context.set('rules', rules);
for (const kind of rules) if (msg.payload.kind === kind && msg.payload.path.endsWith('.md')) return msg;
return null;`;
const KEEP = `msg.event = msg.payload.id;\n${RULES}`;
const ANSWER = 'msg.payload = { id: msg.event, result: JSON.parse(msg.payload) }; return msg;';

function flows(brokerUrl: string, python: string, folder: string) {
  const { hostname, port } = new URL(brokerUrl);
  // A node without a place on the canvas would be taken for a configuration.
  const node = (id: string, type: string, wires: string[][], more: object) => ({
    id,
    type,
    z: 'tab',
    x: 0,
    y: 0,
    wires,
    ...more,
  });
  // At QoS 1 its client's small packets wait for each other, 40 ms at a time; the peer shall look its best.
  const broker = { broker: 'broker', qos: '0' };
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: hostname,
      port,
      protocolVersion: '4',
      keepalive: '60',
      cleansession: true,
    },
    node('in-exec', 'mqtt in', [['rule-exec']], { topic: 'bench/in/exec', datatype: 'json', ...broker }),
    node('rule-exec', 'function', [['exec']], { func: KEEP, outputs: 1 }),
    node('exec', 'exec', [['answer'], [], []], {
      command: `${python} -I ${path.join(folder, 'action.py')}`,
      addpay: '',
      append: '',
      useSpawn: 'false',
    }),
    node('answer', 'function', [['out-exec']], { func: ANSWER, outputs: 1 }),
    node('out-exec', 'mqtt out', [], { topic: 'bench/out/exec', ...broker }),
    node('in-function', 'mqtt in', [['rule']], { topic: 'bench/in/function', datatype: 'json', ...broker }),
    node('rule', 'function', [['out-function']], { func: RULES, outputs: 1 }),
    node('out-function', 'mqtt out', [], { topic: 'bench/out/function', ...broker }),
  ];
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
