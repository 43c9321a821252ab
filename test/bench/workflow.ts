import path from 'node:path';
import { isCompleted } from '../../main/contract/executions.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import type { HeadlessApp } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Measured, type Outcome, outcome } from './goals.ts';
import { installPack, writePack } from './packs.ts';
import { median, type QuietMachine } from './statistics.ts';

/**
 * What a step of a workflow costs: the time of a workflow of many steps, divided by them. Each step is an execution of its
 * own, with its record, its history and its announcement, and the workflow's state is on disk before it starts.
 */
type Kind = { readonly who: string; readonly workflow: string; readonly steps: number };
const KINDS: readonly Kind[] = [
  { who: 'orquesta, without a process', workflow: 'orquesta_noop', steps: 100 },
  { who: 'orquesta, with a Python process', workflow: 'orquesta_python', steps: 40 },
  { who: 'action-chain, without a process', workflow: 'chain_noop', steps: 100 },
  { who: 'action-chain, with a Python process', workflow: 'chain_python', steps: 40 },
];

/** What a step runs, and with which parameters; the second is of the pack `bench`. */
const STEPS = {
  noop: { action: 'core.noop', given: undefined },
  python: { action: 'bench.touch', given: '{path: /tmp/notes.md}' },
} as const;
type Step = (typeof STEPS)[keyof typeof STEPS];

export async function measureWorkflows(app: HeadlessApp, quiet: QuietMachine, rounds: number): Promise<Outcome> {
  await using folder = await tempFolder();
  await installPack(app, await writePack(folder.path, 'steps', Object.fromEntries(KINDS.flatMap(filesOf))));
  const times = new Map<string, number[]>();
  // The first of each warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const { workflow, steps } of KINDS) {
      await quiet.wait();
      const ms = (await timeOf(app.client, `steps.${workflow}` as ResourceRef)) / steps;
      if (round > 0) times.set(workflow, [...(times.get(workflow) ?? []), ms]);
    }
  }
  const p50 = (workflow: string) => median(times.get(workflow) ?? []);
  const measured = KINDS.map(({ who, workflow }): Measured => ({ who, p50: p50(workflow) }));
  return outcome('G15', measured, { noop: p50('orquesta_noop'), python: p50('orquesta_python') });
}

async function timeOf(client: Client, action: ResourceRef): Promise<number> {
  const ended = Promise.withResolvers<void>();
  const stop = client.executions.onChanged((execution) => {
    if (execution.action !== action || !isCompleted(execution.status)) return;
    if (execution.status === 'succeeded') ended.resolve();
    else ended.reject(new Error(JSON.stringify(execution.fault)));
  });
  try {
    const started = performance.now();
    await client.executions.run({ action });
    await ended.promise;
    return performance.now() - started;
  } finally {
    stop();
  }
}

function filesOf({ workflow, steps }: Kind): [string, string][] {
  const [language, step] = workflow.split('_') as ['chain' | 'orquesta', keyof typeof STEPS];
  const runner = language === 'chain' ? 'action-chain' : 'orquesta';
  const entryPoint = `workflows/${workflow}.yaml`;
  return [
    [`actions/${workflow}.yaml`, `name: ${workflow}\nrunner_type: ${runner}\nentry_point: ${entryPoint}\n`],
    [path.posix.join('actions', entryPoint), (language === 'chain' ? chain : orquesta)(STEPS[step], steps)],
  ];
}

function chain({ action, given }: Step, steps: number): string {
  const tasks = Array.from({ length: steps }, (_, n) => {
    const next = n + 1 < steps ? `, on-success: t${n + 1}` : '';
    return `  - {name: t${n}, ref: ${action}${given ? `, parameters: ${given}` : ''}${next}}`;
  });
  return `chain:\n${tasks.join('\n')}\n`;
}

function orquesta({ action, given }: Step, steps: number): string {
  const tasks = Array.from({ length: steps }, (_, n) => {
    const next = n + 1 < steps ? `\n    next:\n      - when: <% succeeded() %>\n        do: t${n + 1}` : '';
    return `  t${n}:\n    action: ${action}${given ? `\n    input: ${given}` : ''}${next}`;
  });
  return `version: 1.0\ntasks:\n${tasks.join('\n')}\n`;
}
