import type { EndpointDefinition } from '@assay/contracts/http';
import { z } from 'zod';

/** As much of JSON Schema as our contracts use. */
export interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

/** What a field of that name is to hold in a request that is right: ids of rows that exist, a path, an email … */
export type KnownValues = Record<string, unknown>;

/** A request to an endpoint that its schemas accept, in its parts. */
export interface SampleRequest {
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown> | null;
}

export function schemaOf(part: z.ZodType): JsonSchema {
  // JSON Schema is far wider than what our contracts use of it.
  return z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** A right request, made from the endpoint's schemas. Throws when a field needs a known value and has none. */
export function sampleRequest(endpoint: EndpointDefinition, known: KnownValues): SampleRequest {
  const part = (name: 'params' | 'query' | 'body') => {
    const schema = endpoint[name];
    if (!schema) return null;
    const sample = sampleOf(schemaOf(schema), known, `${endpoint.method} ${endpoint.path}, ${name}`);
    schema.parse(sample);
    return sample as Record<string, unknown>;
  };
  return {
    params: (part('params') ?? {}) as Record<string, string>,
    query: part('query') ?? {},
    body: part('body'),
  };
}

/** The address of an endpoint with these values in their places; values stand as they are, encoded or not. */
export function targetOf(
  { path }: EndpointDefinition,
  params: Record<string, string>,
  query: string,
): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? `no-${name}`);
  return query === '' ? filled : `${filled}?${query}`;
}

export function queryString(query: Record<string, unknown>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
}

/** Of an object: the fields that are required, and those that are known. */
function sampleOf(schema: JsonSchema, known: KnownValues, where: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => name in known || schema.required?.includes(name))
          .map(([name, field]) => [
            name,
            name in known ? known[name] : sampleOf(field, {}, `${where}, ${name}`),
          ]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}, {}, where));
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return true;
    case 'string':
      if (!schema.pattern && !schema.format) return 'x'.repeat(schema.minLength ?? 0);
      break;
    default:
  }
  throw new Error(`nobody knows what is right in ${where}: give it a known value`);
}
