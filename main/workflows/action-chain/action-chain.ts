import { describeProblem, type Problem } from '../../contract/errors.ts';
import { type WorkflowLanguage, WorkflowRefused } from '../conductor.ts';
import { ChainConductor, type ChainDeps } from './chain-conductor.ts';
import { readChain } from './chain-file.ts';
import { chainGraph } from './chain-graph.ts';

/** StackStorm's older kind of workflow: a list of tasks of which one runs at a time. */
export function actionChain(deps: ChainDeps): WorkflowLanguage {
  return {
    runner: 'action-chain',
    examine: async (source) => {
      const { value, problems } = readChain(source);
      return { ...(value && { value: chainGraph(value) }), problems };
    },
    open: async (setting) => {
      const { value, problems } = readChain(setting.source);
      if (value) return new ChainConductor(value, setting, deps);
      throw refused(problems);
    },
  };
}

function refused(problems: readonly Problem[]): WorkflowRefused {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const message = errors.map((problem) => describeProblem({ ...problem, hint: undefined })).join('; ');
  const fault = {
    code: 'workflow/definition-invalid',
    kind: 'pack',
    message: `the action chain cannot run: ${message}`,
    ...(first?.hint !== undefined && { hint: first.hint }),
  } as const;
  return new WorkflowRefused(fault, {
    tasks: [],
    error: fault.message,
    traceback: first ? describeProblem(first) : '',
  });
}
