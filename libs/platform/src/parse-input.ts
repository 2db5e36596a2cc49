import type { EndpointDefinition, InputOf } from '@assay/contracts/http';
import type { FastifyRequest } from 'fastify';
import { InputInvalid } from './input-invalid.js';

/** What a handler gets of a request. Throws `InputInvalid`, which names every field that is not right. */
export function parseInput(
  endpoint: EndpointDefinition,
  request: FastifyRequest,
): InputOf<EndpointDefinition> {
  const parse = (part: 'params' | 'query' | 'body') => {
    const schema = endpoint[part];
    if (!schema) return undefined;
    const parsed = schema.safeParse(request[part] ?? {});
    if (!parsed.success) throw new InputInvalid(part, parsed.error.issues);
    return parsed.data;
  };
  return { params: parse('params'), query: parse('query'), body: parse('body') };
}
