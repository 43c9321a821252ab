import { z } from 'zod';
import type { Json, JsonObject } from '../contract/json.ts';
import { FaultBody } from './faults.ts';
import type { Route } from './route.ts';

/** The API's description in OpenAPI 3.1, made of the same table that answers. */
export function describeApi(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = route.path.replace('*}', '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stormlet',
      description: 'The part of StackStorm’s API that packs, `st2client` and scripts use, on this machine’s loopback.',
      version,
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { token: [] }],
    paths: { ...paths, '/v1/stream': { get: STREAM } },
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'St2-Api-Key' },
        token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
      },
      schemas: { Fault: schemaOf(FaultBody, 'output') },
    },
  };
}

const FAULT: JsonObject = {
  description: 'What went wrong.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Fault' } } },
};

/** The only answer that is not in the table: it has no end. */
const STREAM: JsonObject = {
  summary: 'What happens, as server-sent events.',
  tags: ['stream'],
  parameters: ['events', 'action_refs', 'execution_ids', 'end_event', 'end_execution_id'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  })),
  responses: {
    '200': { description: 'Events.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    default: FAULT,
  },
};

function operationOf(route: Route): JsonObject {
  return {
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'root'],
    ...(route.isOpen && { security: [] }),
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(route.body !== undefined && { requestBody: bodyOf(route.body) }),
    responses: { [String(route.status)]: answerOf(route), default: FAULT },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\*?\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {} } = schemaOf(query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function bodyOf(body: z.ZodType | 'raw'): JsonObject {
  const schema = body === 'raw' ? {} : schemaOf(body, 'input');
  return { content: { 'application/json': { schema } } };
}

function answerOf({ status, answer, isText, summary }: Route): JsonObject {
  if (status === 204) return { description: summary };
  const schema = schemaOf(answer, 'output');
  return { description: summary, content: { [isText ? 'text/plain' : 'application/json']: { schema } } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject;
  return rest;
}
