import type { JsonObject } from '../contract/json.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { Runner } from './runner.ts';

/** StackStorm's parameters. */
export const ANNOUNCEMENT_PARAMETERS: ParameterSpecs = {
  experimental: {
    type: 'boolean',
    default: false,
    description: 'Has to be true: StackStorm calls this runner experimental.',
  },
  route: { type: 'string', default: 'general', description: 'The word under which it is announced.' },
};

/** `announcement`: tells whoever listens on the bus. Its output are the action's own parameters. */
export function announcement(announce: (route: string, payload: JsonObject) => void): Runner {
  return {
    name: 'announcement',
    parameters: ANNOUNCEMENT_PARAMETERS,
    run: async ({ action, parameters, runnerParameters: { experimental, route } }) => {
      if (experimental !== true) {
        const message = `\`${action.ref}\` does not say \`experimental: true\`, which the runner \`announcement\` asks for`;
        const hint = `give it the parameter \`experimental\` with the default \`true\` in ${action.file}`;
        return { status: 'failed', fault: { code: 'announcement/not-experimental', kind: 'pack', message, hint } };
      }
      announce(typeof route === 'string' && route !== '' ? route : 'general', parameters);
      return { status: 'succeeded', output: { ...parameters, output: parameters } };
    },
  };
}
