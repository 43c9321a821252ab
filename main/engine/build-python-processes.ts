import os from 'node:os';
import path from 'node:path';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import { ForkServers } from '../runners/python-script/fork-servers.ts';
import { LearnedModules } from '../runners/python-script/learned-modules.ts';
import { PythonProcesses } from '../runners/python-script/python-processes.ts';
import { Standbys } from '../runners/python-script/standbys.ts';
import { startForkServer } from '../supervisor/fork-server.ts';
import { runProgram } from '../supervisor/run-program.ts';
import { startStandby } from '../supervisor/standby-program.ts';
import type { PackParts } from './build-packs.ts';
import type { DataFolders } from './data-folders.ts';

/** Below this share of the machine's memory, what only waits gives its own back. */
const SHORT_OF_MEMORY = 0.08;

/** Joins runners and packs: what warm interpreters are made of changes with packs, virtualenvs and settings. */
export function buildPythonProcesses(deps: {
  readonly host: Host;
  readonly clock: Clock;
  readonly folders: DataFolders;
  readonly packs: PackParts;
}): PythonProcesses {
  const { host, clock, folders, packs } = deps;
  const log = host.log.scope('runners');
  const shared = {
    wrapper: path.join(host.folders.python, 'python_action_wrapper.py'),
    platform: process.platform,
    clock,
    log,
    st2Folder: path.join(host.folders.python, 'st2'),
    learned: new LearnedModules({ folder: folders.learnedModules, log }),
    idleMs: () => host.settings.get().python.idleMinutes * 60_000,
    isMemoryShort: () => process.availableMemory() < os.totalmem() * SHORT_OF_MEMORY,
  };
  const processes = new PythonProcesses({
    ...shared,
    runProgram,
    servers: new ForkServers({ ...shared, startForkServer }),
    standbys: new Standbys({ ...shared, startStandby }),
  });
  packs.registry.onChange(({ ref }) => processes.retire(ref, 'its pack has changed'));
  packs.virtualenvs.onChange((ref) => processes.retire(ref, 'its virtualenv has changed'));
  host.settings.onChange(retireOnChange(processes, host));
  return processes;
}

/** Settings change for many reasons; only those of Python concern what is warm. */
function retireOnChange(processes: PythonProcesses, host: Host): () => void {
  const pythonSettings = () => JSON.stringify(host.settings.get().python);
  let before = pythonSettings();
  return () => {
    const now = pythonSettings();
    if (now !== before) processes.retireAll('the settings have changed');
    before = now;
  };
}
