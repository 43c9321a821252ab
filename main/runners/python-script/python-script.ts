import { mkdir } from 'node:fs/promises';
import type { JsonObject } from '../../contract/json.ts';
import type { ParameterSpecs } from '../../contract/parameter-spec.ts';
import { type PythonRunSettings, runSettingsOf } from '../../contract/python-settings.ts';
import type { RunJob, Runner, RunOutcome } from '../runner.ts';
import { pythonJob } from './python-job.ts';
import { noEntryPoint, notReady, pythonOutcome } from './python-outcome.ts';
import type { PythonProcesses } from './python-processes.ts';

/**
 * Runs a Python action in a process of its own, under the interpreter of its pack's virtualenv, through
 * `python_action_wrapper.py`. Parameters and configuration go in on stdin and never on the command line; the result comes
 * back in a file and never on stdout, so an action may print whatever it likes. How the process comes to be is not seen
 * here: `python-processes.ts` chooses.
 */
export type PythonScriptDeps = {
  readonly processes: PythonProcesses;
  /** Where result files live while their action runs. */
  readonly resultFolder: string;
  /** The child's environment for this interpreter and pack. */
  environment(python: string, pack: string): Record<string, string>;
  /** Folders that are searched last: the base environment's, and that of the environment the app was started in. */
  sharedSitePackages(python: string): readonly string[];
  settings(): PythonRunSettings;
  /** The connection to the bus that an action may make while it runs. */
  connection?(execution: string, pack: string): Disposable & { readonly bus: JsonObject };
  onStart(execution: string, pid: number): void;
};

export const PYTHON_PARAMETERS: ParameterSpecs = {
  env: { type: 'object', description: 'Environment variables for the action.' },
  timeout: { type: 'integer', default: 600, description: 'Seconds after which the action is killed.', minimum: 1 },
  log_level: { type: 'string', default: 'DEBUG', description: "Level of the action's own logger." },
};

export function pythonScriptRunner(deps: PythonScriptDeps): Runner {
  let resultFolder: Promise<unknown> | undefined;
  return {
    name: 'python-script',
    parameters: PYTHON_PARAMETERS,
    async run(job, signal) {
      resultFolder ??= mkdir(deps.resultFolder, { recursive: true, mode: 0o700 });
      await resultFolder;
      return runPythonScript(deps, job, signal);
    },
  };
}

async function runPythonScript(deps: PythonScriptDeps, job: RunJob, signal: AbortSignal): Promise<RunOutcome> {
  const { python, ref } = job.pack;
  if (python === undefined) return { status: 'failed', fault: notReady(job) };
  if (job.entryPoint === undefined) return { status: 'failed', fault: noEntryPoint(job) };
  const settings = runSettingsOf(deps.settings(), ref, job.action.ref);
  using connection = deps.connection?.(job.execution, ref);
  const prepared = pythonJob(job, {
    python,
    entryPoint: job.entryPoint,
    resultFolder: deps.resultFolder,
    packEnv: deps.environment(python, ref),
    sharedSitePackages: deps.sharedSitePackages(python),
    limits: settings.limits,
    bus: connection?.bus,
    reportsImports: settings.preImport && settings.isolation !== 'cold',
    onStart: deps.onStart,
  });
  return pythonOutcome(job, settings.limits, await deps.processes.run(prepared, settings, signal));
}
