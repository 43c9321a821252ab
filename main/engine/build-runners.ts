import path from 'node:path';
import type { JsonObject } from '../contract/json.ts';
import type { Host } from '../host.ts';
import { announcement } from '../runners/announcement.ts';
import { httpRequest } from '../runners/http-request.ts';
import { inquirerRunner } from '../runners/inquirer.ts';
import { localShellCommand } from '../runners/local-shell-command.ts';
import { localShellScript } from '../runners/local-shell-script.ts';
import { nodeProcesses } from '../runners/node-processes.ts';
import { nodeScriptRunner } from '../runners/node-script.ts';
import { noopRunner } from '../runners/noop.ts';
import type { PythonProcesses } from '../runners/python-script/python-processes.ts';
import { pythonScriptRunner } from '../runners/python-script/python-script.ts';
import { remoteShellCommand, remoteShellScript } from '../runners/remote-shell.ts';
import type { Runners } from '../runners/run-action.ts';
import type { RunJob, RunOutcome } from '../runners/runner.ts';
import { type Operation, stormletOperationRunner } from '../runners/stormlet-operation.ts';
import { workflowRunner } from '../runners/workflow.ts';
import { cleanEnvironment } from '../supervisor/child-environment.ts';
import { runForkedNode } from '../supervisor/run-forked-node.ts';
import { runProgram } from '../supervisor/run-program.ts';
import { type DataFolders, packEnvironment } from './data-folders.ts';

/** All runners there are, by `runner_type`. */
export function buildRunners(deps: {
  readonly host: Host;
  readonly folders: DataFolders;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly processes: PythonProcesses;
  sharedSitePackages(python: string): readonly string[];
  /** For the datastore, while an action runs. */
  connection(execution: string, pack: string): Disposable & { readonly bus: JsonObject };
  onStart(execution: string, pid: number): void;
  announce(route: string, payload: JsonObject): void;
  runWorkflow(runner: string, job: RunJob, signal: AbortSignal): Promise<RunOutcome>;
}): Runners {
  const { host, folders, onStart } = deps;
  const inherited = cleanEnvironment(host.environment);
  const shell = {
    runProgram,
    platform: process.platform,
    environment: (pack: string) => ({ ...inherited, STORMLET_PACK_DATA: folders.packData(pack) }),
    onStart,
  };
  const runners = [
    pythonScriptRunner({
      processes: deps.processes,
      resultFolder: folders.results,
      environment: (python, pack) => packEnvironment(inherited, folders, python, pack),
      sharedSitePackages: deps.sharedSitePackages,
      settings: () => host.settings.get().python,
      connection: deps.connection,
      onStart,
    }),
    nodeScriptRunner({
      ...shell,
      runNode: nodeProcesses({
        runProgram,
        runForkedNode,
        own: host.node,
        wrapper: path.join(host.folders.node, 'node-action-wrapper.ts'),
        choice: () => host.settings.get().javascript.node,
      }),
      resultFolder: folders.results,
    }),
    localShellCommand(shell),
    localShellScript(shell),
    httpRequest({ environment: inherited }),
    noopRunner,
    remoteShellCommand(shell),
    remoteShellScript(shell),
    inquirerRunner,
    announcement(deps.announce),
    workflowRunner('action-chain', deps.runWorkflow),
    workflowRunner('orquesta', deps.runWorkflow),
    stormletOperationRunner(deps.operations),
  ];
  return new Map(runners.map((runner) => [runner.name, runner]));
}
