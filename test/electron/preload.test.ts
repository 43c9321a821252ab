import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';

const FILE = 'out/preload/index.cjs';
const isBuilt = existsSync(FILE);
const note = isBuilt ? '' : ' (skipped: nothing is built; `npm test` builds first)';

type Bridge = {
  platform: string;
  send(frame: unknown): void;
  onFrame(listener: (...args: unknown[]) => void): () => void;
  onOpen(listener: (...args: unknown[]) => void): () => void;
};

/** The built script in a world that has what Electron gives a sandboxed one. */
function runPreload() {
  const exposed: Record<string, unknown> = {};
  const required: string[] = [];
  const sent: unknown[][] = [];
  const ipcRenderer = Object.assign(new EventEmitter(), { send: (...args: unknown[]) => sent.push(args) });
  const contextBridge = {
    exposeInMainWorld: (name: string, value: unknown) => Object.assign(exposed, { [name]: value }),
  };
  runInNewContext(readFileSync(FILE, 'utf8'), {
    process: { platform: 'linux' },
    require(name: string) {
      required.push(name);
      return { contextBridge, ipcRenderer };
    },
  });
  return { exposed, bridge: exposed.stormlet as Bridge, required, sent, ipcRenderer };
}

describe.skipIf(!isBuilt)(`the preload script${note}`, () => {
  test('is one file that needs Electron only', () => {
    expect(readdirSync('out/preload')).toEqual(['index.cjs']);
    expect(runPreload().required).toEqual(['electron']);
    expect(readFileSync('preload/index.ts', 'utf8').split('\n').length).toBeLessThanOrEqual(41);
  });

  test('gives the page one bridge, without Electron’s own objects', () => {
    const { exposed, bridge, ipcRenderer } = runPreload();
    expect(Object.keys(exposed)).toEqual(['stormlet']);
    expect(Object.keys(bridge).sort()).toEqual(['drop', 'onFrame', 'onOpen', 'platform', 'send']);
    expect(Object.values(bridge)).not.toContain(ipcRenderer);
  });

  test('carries frames and routes, and never an event', () => {
    const { bridge, sent, ipcRenderer } = runPreload();
    bridge.send({ type: 'subscribe', event: 'engine.changed' });
    expect(sent).toEqual([['stormlet:frame', { type: 'subscribe', event: 'engine.changed' }]]);
    const received: unknown[][] = [];
    const stop = bridge.onFrame((...args) => received.push(args));
    bridge.onOpen((...args) => received.push(args));
    const event = { sender: ipcRenderer };
    ipcRenderer.emit('stormlet:frame', event, { id: 1 });
    ipcRenderer.emit('stormlet:open', event, '/history');
    stop();
    ipcRenderer.emit('stormlet:frame', event, { id: 2 });
    expect(received).toEqual([[{ id: 1 }], ['/history']]);
  });
});
