import type { JsonObject } from '../../main/contract/json.ts';
import type { ActionDefinition } from '../../main/contract/packs.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { PackRef, resourceRef } from '../../main/contract/refs.ts';
import type { RunJob } from '../../main/runners/runner.ts';

type Wanted = {
  readonly runnerParameters?: JsonObject;
  readonly parameters?: JsonObject;
  readonly specs?: ParameterSpecs;
  readonly entryPoint?: string;
};

/** A job for a runner, with what it printed while it ran. */
export function runJob(wanted: Wanted): RunJob & { readonly printed: string[] } {
  const pack = PackRef.parse('demo');
  const action: ActionDefinition = {
    ref: resourceRef(pack, 'act'),
    pack,
    name: 'act',
    description: '',
    enabled: true,
    runner: 'any',
    entryPoint: '',
    parameters: wanted.specs ?? {},
    tags: [],
    file: '/packs/demo/actions/act.yaml',
  };
  const printed: string[] = [];
  return {
    execution: 'execution-1',
    action,
    entryPoint: wanted.entryPoint,
    pack: { ref: pack, path: '/packs/demo', python: undefined, config: {} },
    parameters: wanted.parameters ?? {},
    runnerParameters: wanted.runnerParameters ?? {},
    onOutput: (stream, text) => printed.push(`${stream}: ${text}`),
    onStep: () => {},
    printed,
  };
}
