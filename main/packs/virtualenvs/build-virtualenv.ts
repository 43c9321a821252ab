import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import type { ExecutionStep } from '../../contract/executions.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import { type Clock, isoTime } from '../../kit/clock.ts';
import type { Gate } from '../../kit/gate.ts';
import type { ProgramEnd } from '../../supervisor/run-program.ts';
import { baseStamp } from './base-python.ts';
import { choosePython, type PythonWishes } from './choose-python.ts';
import { listDistributions, lockedRequirements } from './distributions.ts';
import { explainFailure } from './explain-failure.ts';
import type { FindPythonDeps, Python } from './find-python.ts';
import { followInstaller } from './installer-progress.ts';
import type { Installer, Installers, OnOutput, Step } from './installers.ts';
import { sitePackagesIn } from './site-packages.ts';
import { newVersionFolder, type VirtualenvPlace, type VirtualenvRecord } from './virtualenv-versions.ts';

export type BuildDeps = {
  readonly python: FindPythonDeps;
  readonly installers: Installers;
  settings(): { readonly interpreter: string; readonly uv: 'auto' | 'never' };
  readonly clock: Clock;
  /** So many builds at one time: each keeps a core busy, and a start after an upgrade of Python may want them all. */
  readonly gate: Gate;
};

export type BuildRequest = {
  /** For messages. */
  readonly title: string;
  readonly place: VirtualenvPlace;
  readonly requirementsFile: string;
  readonly requirements: readonly string[];
  /** What speaks for an interpreter; the settings add theirs. */
  readonly python: Omit<PythonWishes, 'usual'>;
  /** The lock of an earlier build, to install exactly that. */
  readonly locked?: Lock | undefined;
};

/** What was installed, and for which requirements. */
export type Lock = Pick<VirtualenvRecord, 'distributions' | 'requirementsHash'>;

export type Progress = { onStep(step: ExecutionStep): void; readonly onOutput: OnOutput };

/** A finished virtualenv that nobody uses yet. */
export type BuiltVirtualenv = {
  readonly folder: string;
  readonly record: VirtualenvRecord;
  /** The interpreter to remember once it is live; empty: forget what was remembered. Absent: leave it as it is. */
  readonly choice?: string;
};

/** Builds a virtualenv beside the live one. When it fails or is called off, nothing of it stays. */
export async function buildVirtualenv(
  deps: BuildDeps,
  request: BuildRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<BuiltVirtualenv> {
  if (deps.gate.isFull) progress.onStep({ name: 'virtualenv', state: 'running', detail: 'waits for another build' });
  return deps.gate.run(() => buildInTurn(deps, request, progress, signal), signal);
}

async function buildInTurn(
  deps: BuildDeps,
  request: BuildRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<BuiltVirtualenv> {
  const folder = newVersionFolder(request.place);
  await mkdir(request.place.versions, { recursive: true });
  try {
    const { interpreter: usual, uv } = deps.settings();
    const { python, installer } = await inStep(progress, 'virtualenv', async () => {
      const python = await choosePython(deps.python, { ...request.python, usual }, progress.onOutput, signal);
      const installer = await deps.installers.choose(uv, python, request.requirements, progress.onOutput, signal);
      await run(
        deps,
        request,
        { ...MAKE, python: python.version },
        installer,
        installer.create(python, folder),
        progress,
        signal,
      );
      return { python, installer, detail: `Python ${python.version}` };
    });
    await inStep(progress, 'requirements', () =>
      install(deps, request, { python, installer }, folder, progress, signal),
    );
    const record: VirtualenvRecord = {
      version: 1,
      python: python.version,
      base: python.executable,
      baseStamp: baseStamp(folder, deps.python.platform),
      requirementsHash: request.locked?.requirementsHash ?? hashRequirements(request.requirements),
      distributions: await listDistributions(sitePackagesIn(folder, deps.python.platform) ?? ''),
      builtAt: isoTime(deps.clock),
      installer: installer.name,
    };
    return { folder, record };
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

async function install(
  deps: BuildDeps,
  request: BuildRequest,
  { python, installer }: { readonly python: Python; readonly installer: Installer },
  folder: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ detail: string }> {
  const list = await requirementsOf(request, folder);
  if (!list) return { detail: 'none' };
  const follow = followInstaller((made) => progress.onStep({ name: 'requirements', state: 'running', ...made }));
  const watched: Progress = {
    onStep: progress.onStep,
    onOutput: (stream, text) => {
      progress.onOutput(stream, text);
      follow(text);
    },
  };
  const step = installer.install(folder, list.file, list.isExact);
  await run(deps, request, { ...INSTALL, python: python.version }, installer, step, watched, signal);
  return { detail: `${list.count} with ${installer.name}` };
}

/** The pack's own file, or one that names exactly what an earlier build had. */
async function requirementsOf({ requirements, requirementsFile, locked }: BuildRequest, folder: string) {
  if (!locked) {
    const isEmpty = requirements.length === 0 || !existsSync(requirementsFile);
    return isEmpty ? undefined : { file: requirementsFile, count: requirements.length, isExact: false };
  }
  if (locked.distributions.length === 0) return undefined;
  const file = path.join(folder, 'requirements.lock');
  await writeFile(file, lockedRequirements(locked.distributions, requirements, path.dirname(requirementsFile)));
  return { file, count: locked.distributions.length, isExact: true };
}

export function hashRequirements(requirements: readonly string[]): string {
  return createHash('sha256').update(requirements.join('\n')).digest('hex');
}

/** Reports a step as running, then as done or failed. */
export async function inStep<T extends { detail?: string }>(
  progress: Pick<Progress, 'onStep'>,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  progress.onStep({ name, state: 'running' });
  try {
    const result = await work();
    progress.onStep({ name, state: 'done', ...(result.detail !== undefined && { detail: result.detail }) });
    return result;
  } catch (error) {
    progress.onStep({ name, state: 'failed' });
    throw error;
  }
}

/** For messages; `python` is the version that it is done with. */
type Work = { readonly code: string; readonly words: string; readonly python: string };
const MAKE = { code: 'venv/create-failed', words: 'make the virtualenv' };
const INSTALL = { code: 'venv/requirements-failed', words: 'install the requirements' };

async function run(
  deps: BuildDeps,
  request: BuildRequest,
  work: Work,
  installer: Installer,
  step: Step,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  progress.onOutput('stdout', `$ ${[path.basename(step.command), ...step.args].join(' ')}\n`);
  const end = await deps.installers.run(step, progress.onOutput, signal);
  throwIfCanceled(signal);
  if (end.exitCode !== 0) throw installFailure(request, work, installer, end);
}

/** How much of the installer's own words is kept. */
const KEPT_LINES = 60;

function installFailure(request: BuildRequest, work: Work, installer: Installer, end: ProgramEnd): StormletError {
  const printed = [end.stdout, end.stderr, end.startError ?? ''].join('\n');
  const lines = printed.split(/\r?\n/).filter((line) => line.trim() !== '');
  const { reason, hint } = explainFailure(lines, work.python);
  return new StormletError({
    code: work.code,
    kind: 'environment',
    message: `${installer.name} could not ${work.words} of \`${request.title}\`${reason && `: ${reason}`}`,
    hint: `${hint ?? 'see the output below'}; then run \`packs.setup_virtualenv\` for \`${request.title}\``,
    details: { output: lines.slice(-KEPT_LINES).join('\n'), exitCode: end.exitCode ?? null, installer: installer.name },
  });
}
