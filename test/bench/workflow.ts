import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isCompleted } from '../../main/contract/executions.ts';
import type { ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import { type HeadlessApp, stormlet } from '../support/headless-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { median } from './statistics.ts';

/**
 * What a step of a workflow costs: the time of a workflow of many steps, divided by them. Each step is an execution of its
 * own, with its record, its history and its announcement, and the workflow's state is on disk before it starts.
 */
const KINDS = {
  'action-chain, a step without a process': { workflow: 'chain_noop', steps: 100 },
  'action-chain, a step with a Python process': { workflow: 'chain_python', steps: 40 },
  'orquesta, a step without a process': { workflow: 'orquesta_noop', steps: 100 },
  'orquesta, a step with a Python process': { workflow: 'orquesta_python', steps: 40 },
} as const;

/** What a step runs, and with which parameters; the second is of the pack `bench`. */
const ACTIONS = {
  noop: { action: 'core.noop', given: '{}' },
  python: { action: 'bench.touch', given: '{path: /tmp/notes.md}' },
} as const;
type Step = (typeof ACTIONS)[keyof typeof ACTIONS];

export async function benchWorkflows(app: HeadlessApp, rounds: number): Promise<string[][]> {
  await using folder = await tempFolder();
  await writePack(path.join(folder.path, 'steps'));
  const installed = await stormlet(app, 'pack', 'install', path.join(folder.path, 'steps'));
  if (installed.exitCode !== 0) throw new Error(installed.stderr);
  const times = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [kind, { workflow, steps }] of Object.entries(KINDS)) {
      const ms = (await timeOf(app.client, `steps.${workflow}` as ResourceRef)) / steps;
      // The first of each warms up.
      if (round > 0) times.set(kind, [...(times.get(kind) ?? []), ms]);
    }
  }
  return [...times].map(([kind, list]) => [kind, `p50 ${median(list).toFixed(2)} ms`]);
}

async function timeOf(client: Client, action: ResourceRef): Promise<number> {
  const ended = Promise.withResolvers<string>();
  let id: string | undefined;
  const early: string[] = [];
  const stop = client.executions.onChanged((execution) => {
    if (!isCompleted(execution.status) || execution.action !== action) return;
    if (execution.status !== 'succeeded') ended.reject(new Error(JSON.stringify(execution.fault)));
    if (id === execution.id) ended.resolve(id);
    else early.push(execution.id);
  });
  const started = performance.now();
  id = (await client.executions.run({ action })).id;
  if (early.includes(id)) ended.resolve(id);
  await ended.promise;
  stop();
  return performance.now() - started;
}

async function writePack(pack: string): Promise<void> {
  const actions = path.join(pack, 'actions');
  await mkdir(path.join(actions, 'workflows'), { recursive: true });
  await writeFile(
    path.join(pack, 'pack.yaml'),
    'name: steps\ndescription: Workflows of many steps.\nversion: 1.0.0\nauthor: Test\nemail: test@example.com\n',
  );
  for (const { workflow, steps } of Object.values(KINDS)) {
    const [language, step] = workflow.split('_') as ['chain' | 'orquesta', keyof typeof ACTIONS];
    const runner = language === 'chain' ? 'action-chain' : 'orquesta';
    await writeFile(
      path.join(actions, `${workflow}.yaml`),
      `name: ${workflow}\nrunner_type: ${runner}\nentry_point: workflows/${workflow}.yaml\n`,
    );
    const write = language === 'chain' ? chain : orquesta;
    await writeFile(path.join(actions, 'workflows', `${workflow}.yaml`), write(ACTIONS[step], steps));
  }
}

function chain({ action, given }: Step, steps: number): string {
  const tasks = Array.from({ length: steps }, (_, n) => {
    const next = n + 1 < steps ? `, on-success: t${n + 1}` : '';
    return `  - {name: t${n}, ref: ${action}, parameters: ${given}${next}}`;
  });
  return `chain:\n${tasks.join('\n')}\n`;
}

function orquesta({ action, given }: Step, steps: number): string {
  const tasks = Array.from({ length: steps }, (_, n) => {
    const next = n + 1 < steps ? `\n    next:\n      - when: <% succeeded() %>\n        do: t${n + 1}` : '';
    return `  t${n}:\n    action: ${action}\n    input: ${given}${next}`;
  });
  return `version: 1.0\ntasks:\n${tasks.join('\n')}\n`;
}
