import type { JsonObject } from '../../main/contract/json.ts';
import type { ParameterSpecs } from '../../main/contract/parameter-spec.ts';
import { castParameter } from '../../main/expressions/cast.ts';
import type { ExpressionRenderer } from '../../main/expressions/renderer.ts';
import { actionChain } from '../../main/workflows/action-chain/action-chain.ts';
import type { Conductor, Decision, TaskEnd, TaskRun, WorkflowSetting } from '../../main/workflows/conductor.ts';

export type OpenChain = {
  readonly text: string;
  readonly renderer: ExpressionRenderer;
  readonly input?: JsonObject;
  readonly runnerParameters?: JsonObject;
  readonly config?: JsonObject;
  readonly state?: JsonObject;
  readonly notify?: JsonObject;
};

/** Actions `demo.*` are there and take what `PARAMETERS` says. */
const PARAMETERS: ParameterSpecs = { count: { type: 'integer' }, list: { type: 'array' }, on: { type: 'boolean' } };

export function openChain(given: OpenChain): Promise<Conductor> {
  const setting: WorkflowSetting = {
    source: { file: 'chain.yaml', text: given.text },
    input: given.input ?? {},
    runnerParameters: given.runnerParameters ?? {},
    config: given.config ?? {},
    about: { ...ABOUT, ...(given.notify && { notify: given.notify }) },
    state: given.state,
  };
  return actionChain({ renderer: given.renderer, cast }).open(setting);
}

const ABOUT = {
  execution: 'e-1',
  action: 'demo.chain',
  pack: 'demo',
  runner: 'action-chain',
  user: 'stormlet',
} as const;

function cast(action: string, parameters: JsonObject): JsonObject | undefined {
  if (!action.startsWith('demo.')) return undefined;
  const all = Object.entries(parameters).map(([name, value]) => [name, castParameter(name, value, PARAMETERS[name])]);
  return Object.fromEntries(all);
}

export function ended(run: TaskRun | undefined, result: JsonObject, status: TaskEnd['status'] = 'succeeded'): TaskEnd {
  const key = run?.key ?? 'none';
  return {
    key,
    execution: `x-${key}`,
    status,
    result,
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:01.000Z',
  };
}

/** Plays a chain to its end, each task ending as `play` says; gives what was asked for and the last decision. */
export async function playChain(
  conductor: Conductor,
  play: (run: TaskRun) => { readonly status?: TaskEnd['status']; readonly result?: JsonObject } = () => ({}),
): Promise<{ readonly runs: readonly TaskRun[]; readonly last: Decision }> {
  const runs: TaskRun[] = [];
  let decision = await conductor.begin();
  for (let [run] = decision.run; run; [run] = decision.run) {
    runs.push(run);
    const { status, result } = play(run);
    decision = await conductor.onEnd(ended(run, result ?? {}, status));
  }
  return { runs, last: decision };
}
