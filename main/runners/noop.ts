import type { Runner } from './runner.ts';

/** Does nothing and succeeds: a placeholder in rules and workflows, and a way to try a rule out. */
export const noopRunner: Runner = {
  name: 'noop',
  parameters: {},
  run: async () => ({ status: 'succeeded', output: { failed: false, succeeded: true, return_code: 0 } }),
};
