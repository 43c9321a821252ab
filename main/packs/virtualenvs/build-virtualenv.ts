import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { StormletError } from '../../contract/errors.ts';
import type { ExecutionStep } from '../../contract/executions.ts';
import { throwIfCanceled } from '../../kit/cancel.ts';
import { type Clock, isoTime } from '../../kit/clock.ts';
import type { ProgramEnd } from '../../supervisor/run-program.ts';
import { type FindPythonDeps, findPython } from './find-python.ts';
import type { Installer, Installers, OnOutput, Step } from './installers.ts';
import { newVersionFolder, type VirtualenvPlace, type VirtualenvRecord } from './virtualenv-versions.ts';

export type BuildDeps = {
  readonly python: FindPythonDeps;
  readonly installers: Installers;
  settings(): { readonly interpreter: string; readonly uv: 'auto' | 'never' };
  readonly clock: Clock;
};

export type BuildRequest = {
  /** For messages. */
  readonly title: string;
  readonly place: VirtualenvPlace;
  readonly requirementsFile: string;
  readonly requirements: readonly string[];
  /** Chosen for this one; empty: the settings' one, or found. */
  readonly interpreter: string;
};

export type Progress = { onStep(step: ExecutionStep): void; readonly onOutput: OnOutput };

/** A finished virtualenv that nobody uses yet. */
export type BuiltVirtualenv = { readonly folder: string; readonly record: VirtualenvRecord };

/** Builds a virtualenv beside the live one. When it fails or is called off, nothing of it stays. */
export async function buildVirtualenv(
  deps: BuildDeps,
  request: BuildRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<BuiltVirtualenv> {
  const folder = newVersionFolder(request.place);
  await mkdir(request.place.versions, { recursive: true });
  try {
    const { interpreter, uv } = deps.settings();
    const { python, installer } = await inStep(progress, 'virtualenv', async () => {
      const python = await findPython(deps.python, request.interpreter || interpreter, signal);
      const installer = await deps.installers.choose(uv, python, request.requirements, progress.onOutput, signal);
      await run(deps, request, MAKE, installer, installer.create(python, folder), progress, signal);
      return { python, installer, detail: `Python ${python.version}` };
    });
    await inStep(progress, 'requirements', async () => {
      if (request.requirements.length === 0 || !existsSync(request.requirementsFile)) return { detail: 'none' };
      const step = installer.install(folder, request.requirementsFile);
      await run(deps, request, INSTALL, installer, step, progress, signal);
      return { detail: `${request.requirements.length} with ${installer.name}` };
    });
    const record: VirtualenvRecord = {
      version: 1,
      python: python.version,
      base: python.executable,
      requirementsHash: hashRequirements(request.requirements),
      builtAt: isoTime(deps.clock),
      installer: installer.name,
    };
    return { folder, record };
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
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

type Work = { readonly code: string; readonly words: string };
const MAKE: Work = { code: 'venv/create-failed', words: 'make the virtualenv' };
const INSTALL: Work = { code: 'venv/requirements-failed', words: 'install the requirements' };

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
  const reason = reasonIn(lines);
  return new StormletError({
    code: work.code,
    kind: 'environment',
    message: `${installer.name} could not ${work.words} of \`${request.title}\`${reason && `: ${reason}`}`,
    hint: `see the output below; when the cause is mended, run \`packs.setup_virtualenv\` for \`${request.title}\``,
    details: { output: lines.slice(-KEPT_LINES).join('\n'), exitCode: end.exitCode ?? null, installer: installer.name },
  });
}

/** pip says it after `ERROR:`, uv after `error:` with the reason below it after `cause:`. */
function reasonIn(lines: readonly string[]): string {
  const index = lines.findIndex((line) => /^\s*(ERROR|error):/.test(line));
  const [first = '', second = ''] = index < 0 ? [] : lines.slice(index);
  const cause = /^\s*cause:/.test(second) ? second : first;
  return cause.replace(/^\s*(ERROR|error|cause):\s*/, '').trim();
}
