import { type Api, type EndpointDefinition, isEventStream, type Realm } from '@assay/contracts/http';
import { PROBLEMS, Problem, type ProblemCode } from '@assay/contracts/problems';
import { z } from 'zod';
import { COOKIE } from './call.js';

type Json = Record<string, unknown>;

/** Problems that any route may answer, by what it takes and who may call it. */
function problemsOf(endpoint: EndpointDefinition): ProblemCode[] {
  return [
    ...(endpoint.body
      ? (['request.malformed', 'request.unsupported_media_type', 'request.too_large'] as const)
      : []),
    ...(endpoint.body || endpoint.query || endpoint.params ? (['request.invalid'] as const) : []),
    ...(endpoint.access === 'public'
      ? []
      : (['session.required', 'session.expired', 'access.denied'] as const)),
    ...(endpoint.params ? (['resource.not_found'] as const) : []),
    ...(endpoint.method === 'GET' ? [] : (['request.foreign_origin'] as const)),
    ...(takesIdempotencyKey(endpoint) ? (['request.in_progress', 'request.key_reused'] as const) : []),
    ...(endpoint.problems ?? []),
    'service.unavailable',
  ];
}

const takesIdempotencyKey = ({ method, access }: EndpointDefinition) =>
  method === 'POST' && access !== 'public';

const HOW_TO_LOG_IN: Record<Realm, string> = {
  staff: 'Log in with `POST /v1/session`; the session’s cookie then rides on every request from this page.',
  candidate:
    'Open the link of an invitation, or exchange its last part with `POST /v1/session`; the session’s cookie then rides on every request from this page.',
};

/** The OpenAPI 3.1 document of one API, built from its registry. */
export function buildOpenApi({ title, realm, endpoints }: Api): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(operationId, endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1', description: HOW_TO_LOG_IN[realm] },
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: COOKIE[realm] } },
    },
  };
}

function operation(operationId: string, endpoint: EndpointDefinition): Json {
  const parameters = (['params', 'query'] as const).flatMap((part) => {
    const schema = endpoint[part];
    if (!schema) return [];
    const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
      properties?: Json;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: part === 'params' ? 'path' : 'query',
      required: part === 'params' || required.includes(name),
      schema: property,
    }));
  });
  if (takesIdempotencyKey(endpoint)) parameters.push(header('Idempotency-Key', 'string'));
  if (isEventStream(endpoint.response)) parameters.push(header('Last-Event-ID', 'integer'));
  return {
    operationId,
    // The first part of the path after the version: `roles`, `candidacies`, …
    tags: [endpoint.path.replace(/^\/v1/, '').split('/')[1]],
    summary: endpoint.summary,
    description: `Access: \`${endpoint.access}\``,
    ...(endpoint.access === 'public' ? {} : { security: [{ session: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(endpoint.body, 'input') } },
          },
        }
      : {}),
    responses: { [endpoint.status]: success(endpoint), ...problemResponses(problemsOf(endpoint)) },
  };
}

const header = (name: string, type: string) => ({ name, in: 'header', required: false, schema: { type } });

function success({ response, summary }: EndpointDefinition): Json {
  if (response === 'no-content') return { description: summary };
  return isEventStream(response)
    ? {
        description: summary,
        content: { 'text/event-stream': { schema: jsonSchema(response.eventStream, 'output') } },
      }
    : { description: summary, content: { 'application/json': { schema: jsonSchema(response, 'output') } } };
}

function problemResponses(codes: ProblemCode[]): Json {
  const responses: Record<string, { description: string; content: Json }> = {};
  for (const code of codes) {
    const { status, title } = PROBLEMS[code];
    const line = `\`${code}\`: ${title}`;
    const described = responses[status]?.description;
    responses[status] = {
      description: described ? `${described}<br>${line}` : line,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

/** The schema's own $schema line has no place inside an OpenAPI document. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
