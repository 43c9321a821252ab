import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { utilityProcess } from 'electron';
import { resourceRef } from '../../../main/contract/refs.ts';
import { forkWithin } from '../../../main/electron/node-processes.ts';
import { nodeProcesses } from '../../../main/runners/node-processes.ts';
import { nodeScriptRunner } from '../../../main/runners/node-script.ts';
import type { RunOutcome } from '../../../main/runners/runner.ts';
import { runForkedNode } from '../../../main/supervisor/run-forked-node.ts';

/**
 * Runs one JavaScript action as the engine would if it could live in this Electron: the real runner, over the real
 * `utilityProcess`. After `timeoutMs` it is ended as by its time limit.
 */
export async function runScript(wrapper: string, entryPoint: string, timeoutMs: number): Promise<RunOutcome> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stormlet-smoke-'));
  const runner = nodeScriptRunner({
    runNode: nodeProcesses({
      runProgram: () => Promise.reject(new Error('there is no other way here')),
      runForkedNode,
      own: { fork: forkWithin(utilityProcess), wrapper },
      wrapper: '',
      choice: () => 'app',
    }),
    resultFolder: folder,
    environment: () => ({ PATH: process.env.PATH ?? '' }),
    onStart: () => {},
  });
  const pack = 'demo' as Parameters<typeof resourceRef>[0];
  const action = { ref: resourceRef(pack, 'act'), pack, name: 'act', description: '', file: 'act.yaml' };
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort('timeout'), timeoutMs);
  try {
    return await runner.run(
      {
        execution: path.basename(folder),
        action: { ...action, enabled: true, runner: runner.name, entryPoint: '', parameters: {}, tags: [] },
        entryPoint,
        pack: { ref: pack, path: path.dirname(path.dirname(entryPoint)), python: undefined, config: {} },
        parameters: { n: 20 },
        runnerParameters: { timeout: timeoutMs / 1000 },
        onOutput: () => {},
        onStep: () => {},
      },
      limit.signal,
    );
  } finally {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  }
}
