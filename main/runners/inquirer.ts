import { DEFAULT_SCHEMA } from '../contract/inquiries.ts';
import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import type { Runner } from './runner.ts';

/** StackStorm's parameters. */
export const INQUIRER_PARAMETERS: ParameterSpecs = {
  schema: {
    type: 'object',
    default: DEFAULT_SCHEMA,
    description: 'JSON schema of the answer; its fields make the form.',
  },
  route: { type: 'string', default: '', description: 'A word by which a rule tells this question from others.' },
  users: { type: 'array', default: [], items: { type: 'string' }, description: 'Whom it asks.' },
  roles: {
    type: 'array',
    default: [],
    items: { type: 'string' },
    description: 'Kept for packs of StackStorm; means nothing here.',
  },
  ttl: { type: 'integer', default: 1440, description: 'Minutes after which it is given up; 0 waits for ever.' },
};

/** `inquirer`: asks, and leaves the execution pending. The answer ends it, or its time does; see `executions/inquiries.ts`. */
export const inquirerRunner: Runner = {
  name: 'inquirer',
  parameters: INQUIRER_PARAMETERS,
  run: async ({ runnerParameters: { schema, route, users, roles, ttl } }) => ({
    status: 'pending',
    output: {
      schema: schema ?? DEFAULT_SCHEMA,
      roles: roles ?? [],
      users: users ?? [],
      route: route ?? '',
      ttl: ttl ?? 1440,
    },
  }),
};
