import path from 'node:path';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { ActionLimits } from '../../contract/python-settings.ts';
import type { RunJob } from '../runner.ts';

/** All that a Python action's process is given, whichever way the process comes to be. */
export type PythonJob = {
  readonly pack: string;
  readonly python: string;
  /** Of the wrapper. */
  readonly arguments: readonly string[];
  /** What every process of the pack has in its environment. */
  readonly packEnv: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Names that the action itself asked for. */
  readonly ownEnv: readonly string[];
  /** The set-up: read from stdin by a cold process. */
  readonly input: string;
  readonly resultFile: string;
  readonly sharedSitePackages: readonly string[];
  readonly outputLimit: number;
  readonly onOutput: RunJob['onOutput'];
  readonly onStart: (pid: number) => void;
};

export type JobPlace = {
  readonly python: string;
  readonly entryPoint: string;
  readonly resultFolder: string;
  readonly packEnv: Readonly<Record<string, string>>;
  readonly sharedSitePackages: readonly string[];
  readonly limits: ActionLimits;
  /** Where it finds the datastore. */
  readonly bus: JsonObject | undefined;
  readonly reportsImports: boolean;
  readonly onStart: (execution: string, pid: number) => void;
};

export function pythonJob(job: RunJob, place: JobPlace): PythonJob {
  const { sharedSitePackages, limits } = place;
  const resultFile = path.join(place.resultFolder, `${job.execution}.json`);
  const own = requestedEnvironment(job);
  return {
    pack: job.pack.ref,
    python: place.python,
    arguments: [
      ...['--pack', job.pack.ref, '--file-path', place.entryPoint, '--setup-from-stdin'],
      ...sharedSitePackages.flatMap((folder) => ['--base-site-packages', folder]),
    ],
    packEnv: place.packEnv,
    env: {
      ...place.packEnv,
      ...job.apiEnvironment,
      ...own,
      ST2_ACTION_PACK_NAME: job.pack.ref,
      ST2_ACTION_EXECUTION_ID: job.execution,
      STORMLET_EXECUTION_ID: job.execution,
      STORMLET_RESULT: resultFile,
    },
    ownEnv: Object.keys(own),
    input: setUp(job, place),
    resultFile,
    sharedSitePackages,
    outputLimit: limits.outputKb * 1024,
    onOutput: job.onOutput,
    onStart: (pid) => place.onStart(job.execution, pid),
  };
}

function setUp(job: RunJob, { limits, bus, reportsImports }: JobPlace): string {
  return JSON.stringify({
    parameters: job.parameters,
    config: job.pack.config,
    context: {
      execution_id: job.execution,
      action: job.action.ref,
      log_level: job.runnerParameters.log_level ?? 'DEBUG',
    },
    limits: { memory: limits.memoryMb * 1024 * 1024, cpu: limits.cpuSeconds, files: limits.openFiles },
    report_imports: reportsImports,
    ...(bus && { bus }),
  });
}

/** PYTHONPATH would put foreign modules before the pack's own, so StackStorm refuses it and we leave it out. */
function requestedEnvironment(job: RunJob): Record<string, string> {
  const env = job.runnerParameters.env;
  if (!isJsonObject(env)) return {};
  const entries = Object.entries(env).filter(([name, value]) => name !== 'PYTHONPATH' && value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** Of what packs import from StackStorm, what nearly every action does. */
const OURS = ['st2common.runners.base_action'];

/** What an interpreter that waits for the pack's actions is told first: what to import ahead, and from where. */
export function aheadOf(job: PythonJob, st2Folder: string, modules: readonly string[]): JsonObject {
  return { ours: OURS, ours_from: [st2Folder], modules: [...modules], modules_from: [...job.sharedSitePackages] };
}

/** By variables that Python, its libraries or the system read only once, when a process starts. */
export function steersTheInterpreter(job: PythonJob): boolean {
  return job.ownEnv.some((name) => READ_AT_START.test(name));
}

const READ_AT_START = /^(PYTHON|LD_|DYLD_|LC_|GLIBC_|MALLOC_|OPENSSL_|SSL_)|^(LANG|LANGUAGE|TZ|TZDIR)$/;
