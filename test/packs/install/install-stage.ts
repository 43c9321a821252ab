import path from 'node:path';
import type { ExecutionStep } from '../../../main/contract/executions.ts';
import type { Json, JsonObject } from '../../../main/contract/json.ts';
import { type PackStage, PYTHON_ACTION, packStage, packYaml, writeFiles } from '../pack-stage.ts';

export const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/packs');
export const WITH_PYTHON = { 'actions/run.yaml': PYTHON_ACTION, 'actions/run.py': '' };

/** Starts the stage, and runs operations as the runner does. */
export async function installStage() {
  const stage = await packStage();
  await stage.registry.start();
  return stage;
}

export function start(
  stage: PackStage,
  name: string,
  parameters: JsonObject,
  onStep: (step: ExecutionStep, cancel: AbortController) => void = () => {},
) {
  const cancel = new AbortController();
  const steps: ExecutionStep[] = [];
  const report = {
    onStep(step: ExecutionStep) {
      steps.push(step);
      onStep(step, cancel);
    },
    onOutput: () => {},
  };
  const operation = stage.operations[`packs.${name}`];
  const done = operation?.(parameters, report, cancel.signal) ?? Promise.reject(new Error(`no operation ${name}`));
  return { done, steps: () => [...new Set(steps.map(({ name: step, state }) => `${step} ${state}`))] };
}

export const install = (stage: PackStage, ...packs: string[]): Promise<Json> => start(stage, 'install', { packs }).done;

/** A pack's folder somewhere on the machine. */
export const source = (stage: PackStage, name: string, files: Record<string, string> = {}) =>
  writeFiles(path.join(stage.home, 'sources', name), { 'pack.yaml': packYaml(name), ...files });
