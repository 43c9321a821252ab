import type { Execution, ExecutionStatus } from '../../main/contract/executions.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import type { Handlers } from '../../main/contract/rpc.ts';
import type { WorkflowGraph } from '../../main/contract/workflows.ts';

const TIDY = ResourceRef.parse('examples.tidy_folder');

const GRAPH: WorkflowGraph = {
  nodes: [
    { task: 'list_files', action: 'core.local', start: true, items: false },
    { task: 'pack', action: 'core.local', start: false, items: true },
    { task: 'measure', action: 'examples.greet_file', start: false, items: false, line: 17 },
    { task: 'tell', action: 'core.echo', start: false, items: false, join: 'all' },
    { task: 'give_up', action: 'core.echo', start: false, items: false },
  ],
  edges: [
    { from: 'list_files', to: 'pack', when: '<% succeeded() %>' },
    { from: 'list_files', to: 'measure', when: '<% succeeded() %>' },
    { from: 'list_files', to: 'give_up', when: '<% failed() %>' },
    { from: 'pack', to: 'tell' },
    { from: 'measure', to: 'tell' },
  ],
};

export const fakeWorkflows: Handlers['workflows'] = {
  inspect: ({ action: ref }) => (ref === TIDY ? { problems: [], graph: GRAPH } : { problems: [] }),
};

/** One run of it, in which one item of a task failed. */
export function workflowExecutions(now: number): Execution[] {
  const at = (ms: number) => new Date(now - 40_000 + ms).toISOString();
  const root: Execution = {
    ...base('run-tidy', TIDY, 'failed', at(0)),
    runner: 'orquesta',
    parameters: { folder: '/home/ada/Drop' },
    context: { source: 'window' },
    startedAt: at(5),
    endedAt: at(900),
    result: { output: null, errors: [{ task_id: 'pack', message: 'exit code 1' }] },
  };
  const task = (name: string, ref: string, status: ExecutionStatus, ms: number, item?: number): Execution => ({
    ...base(`run-tidy-${name}${item ?? ''}`, ref, status, at(ms)),
    parameters: { cmd: item === undefined ? 'ls' : `gzip file-${item}` },
    context: {
      source: 'engine',
      parent: 'run-tidy',
      task: { name, key: `${name}-1`, ...(item !== undefined && { item }) },
    },
    startedAt: at(ms + 20),
    endedAt: at(ms + 200),
    result: { stdout: `${name} done\n`, stderr: '', return_code: 0, succeeded: true, failed: false },
  });
  return [
    root,
    task('list_files', 'core.local', 'succeeded', 10),
    task('pack', 'core.local', 'succeeded', 300, 0),
    task('pack', 'core.local', 'failed', 320, 1),
    task('measure', 'examples.greet_file', 'succeeded', 310),
  ];
}

function base(id: string, ref: string, status: ExecutionStatus, createdAt: string) {
  return {
    id,
    action: ResourceRef.parse(ref),
    runner: 'local-shell-cmd',
    status,
    createdAt,
    parameters: {},
    steps: [],
  };
}
