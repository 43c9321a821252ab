import os from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../../main/kit/clock.ts';
import { createLog } from '../../main/kit/log.ts';
import { ForkServers } from '../../main/runners/python-script/fork-servers.ts';
import { LearnedModules } from '../../main/runners/python-script/learned-modules.ts';
import { PythonProcesses } from '../../main/runners/python-script/python-processes.ts';
import { Standbys } from '../../main/runners/python-script/standbys.ts';
import { startForkServer } from '../../main/supervisor/fork-server.ts';
import { runProgram } from '../../main/supervisor/run-program.ts';
import { startStandby } from '../../main/supervisor/standby-program.ts';
import { PYTHON_FOLDER } from './python.ts';

type Options = { clock?: Clock; idleMs?: number; isMemoryShort?: () => boolean; platform?: NodeJS.Platform };

/** The parts that start Python actions, real ones, as the engine joins them. `folder` is for what they learn. */
export function pythonProcesses(folder: string, options: Options = {}) {
  const lines: string[] = [];
  const shared = {
    wrapper: path.join(PYTHON_FOLDER, 'python_action_wrapper.py'),
    platform: options.platform ?? os.platform(),
    clock: options.clock ?? systemClock,
    log: createLog((line) => lines.push(line), 'debug'),
    st2Folder: path.join(PYTHON_FOLDER, 'st2'),
    idleMs: () => options.idleMs ?? 600_000,
    isMemoryShort: options.isMemoryShort ?? (() => false),
  };
  const learned = new LearnedModules({ folder: path.join(folder, 'learned'), log: shared.log });
  const servers = new ForkServers({ ...shared, learned, startForkServer });
  const standbys = new Standbys({ ...shared, learned, startStandby });
  const processes = new PythonProcesses({ ...shared, runProgram, servers, standbys });
  return { processes, servers, standbys, learned, log: lines };
}
