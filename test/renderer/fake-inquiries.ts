import { describeParameterProblems } from '../../main/contract/check-parameters.ts';
import { StormletError } from '../../main/contract/errors.ts';
import type { Execution } from '../../main/contract/executions.ts';
import { checkResponse, type Inquiry } from '../../main/contract/inquiries.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import { ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    approve: { type: 'boolean', description: 'Shall the backup of last night be deleted?', required: true },
    keep_days: { type: 'integer', description: 'Keep younger ones than this.', default: 7, minimum: 1 },
    reason: { type: 'string', description: 'For the protocol.' },
    where: { type: 'string', enum: ['disk', 'cloud'], description: 'Which of the two.' },
  },
};

/** An execution that waits with a question, as a busy machine may have one. */
export function waitingExecution(id: string, now: number): Execution {
  const at = new Date(now - 90_000).toISOString();
  return {
    id,
    action: ResourceRef.parse('core.ask'),
    runner: 'inquirer',
    status: 'pending',
    parameters: { schema: SCHEMA, route: 'backup', ttl: 60 },
    context: { source: 'rule', rule: ResourceRef.parse('default.warn_when_busy') },
    createdAt: at,
    startedAt: at,
    result: { schema: SCHEMA, route: 'backup', users: [], roles: [], ttl: 60 },
    steps: [],
  };
}

/** The engine's answers about questions, over the fake's executions. */
export function fakeInquiries(deps: {
  executions(): readonly Execution[];
  change(id: string, patch: Partial<Execution>): Execution;
  readonly emit: Emit;
}): Handlers['inquiries'] {
  const list = () =>
    deps
      .executions()
      .filter(({ status }) => status === 'pending')
      .map(asInquiry);
  const get = (id: string) => {
    const found = list().find((inquiry) => inquiry.id === id);
    if (found) return found;
    throw new StormletError({ code: 'inquiry/not-open', kind: 'user', message: `there is no inquiry \`${id}\`` });
  };
  return {
    list,
    get: ({ id }) => get(id),
    respond: ({ id, response }) => {
      const { schema } = get(id);
      const problems = checkResponse(schema, response);
      if (problems.length > 0) {
        const message = `this is no answer to \`${id}\`: ${describeParameterProblems(problems)}`;
        throw new StormletError({ code: 'inquiry/response-invalid', kind: 'user', message });
      }
      const result = { schema, response };
      const ended = deps.change(id, { status: 'succeeded', endedAt: new Date().toISOString(), result });
      deps.emit('inquiries.changed', { id });
      return ended;
    },
  };
}

function asInquiry({ id, action, context, createdAt }: Execution): Inquiry {
  const expiresAt = new Date(Date.parse(createdAt) + 60 * 60_000).toISOString();
  const asked = { schema: SCHEMA, route: 'backup', users: [], roles: [], ttl: 60 };
  return { id, action, context, ...asked, askedAt: createdAt, expiresAt };
}
