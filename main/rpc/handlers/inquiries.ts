import type { Execution } from '../../contract/executions.ts';
import type { Inquiry } from '../../contract/inquiries.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { Handlers } from '../../contract/rpc.ts';

export function inquiryHandlers(inquiries: {
  list(): readonly Inquiry[];
  get(id: string): Inquiry;
  respond(id: string, response: JsonObject): Execution;
}): Handlers['inquiries'] {
  return {
    list: () => [...inquiries.list()],
    get: ({ id }) => inquiries.get(id),
    respond: ({ id, response }) => inquiries.respond(id, response),
  };
}
