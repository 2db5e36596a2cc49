import type { z } from 'zod';
import type { ProblemCode } from '../problems/index.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Who may call a route. `public`: anyone. `candidate`: the session of that attempt. `member`: any logged-in member.
 * The rest are actions; core/tenancy says which kind of member may do which, and on what.
 */
export type Access =
  | 'public'
  | 'candidate'
  | 'member'
  | 'role:create'
  | 'role:read'
  | 'role:close'
  | 'candidacy:create'
  | 'candidacy:read'
  | 'candidacy:invite'
  | 'assessment:create'
  | 'assessment:read'
  | 'submission:read'
  | 'submission:regrade'
  | 'kit:edit'
  | 'feedback:release'
  | 'queue:read'
  | 'attempt:support';

/** Marks a response without a body (204). */
export const NO_CONTENT = 'no-content';

/** A response that is a stream of server-sent events, each `data` matching the schema. */
export interface EventStreamOf<E extends z.ZodType> {
  readonly eventStream: E;
}

export function eventStream<E extends z.ZodType>(event: E): EventStreamOf<E> {
  return { eventStream: event };
}

/** One route: what it takes, who may call it, what it answers. Feeds routing, validation, access, OpenAPI and client. */
export interface EndpointDefinition {
  method: Method;
  /** `/v1/roles/:roleId` */
  path: string;
  access: Access;
  summary: string;
  status: 200 | 201 | 202 | 204;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodObject;
  response: z.ZodType | EventStreamOf<z.ZodType> | typeof NO_CONTENT;
  /** Problems of this route's own; those that any route may answer are not listed. */
  problems?: readonly ProblemCode[];
}

export function endpoint<const E extends EndpointDefinition>(definition: E): E {
  return definition;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler receives, parsed. */
export interface InputOf<E extends EndpointDefinition> {
  params: Parsed<E['params']>;
  query: Parsed<E['query']>;
  body: Parsed<E['body']>;
}

type Given<K extends string, S> = S extends z.ZodType
  ? Record<never, never> extends z.input<S>
    ? { [P in K]?: Sent<S> }
    : { [P in K]: Sent<S> }
  : Record<never, never>;

/** What a client sends. */
export type RequestOf<E extends EndpointDefinition> = Given<'params', E['params']> &
  Given<'query', E['query']> &
  Given<'body', E['body']>;

/** What a handler returns, before serialisation: what the schema takes in. */
export type ReplyOf<E extends EndpointDefinition> = E['response'] extends z.ZodType
  ? z.input<E['response']>
  : E['response'] extends EventStreamOf<infer S>
    ? AsyncIterable<{ sequence: number; event: z.input<S> }>
    : void;

/** What a client gets. */
export type ResponseOf<E extends EndpointDefinition> = E['response'] extends z.ZodType
  ? z.output<E['response']>
  : E['response'] extends EventStreamOf<infer S>
    ? AsyncIterable<{ sequence: number; event: z.output<S> }>
    : undefined;

export function isEventStream(
  response: EndpointDefinition['response'],
): response is EventStreamOf<z.ZodType> {
  return typeof response === 'object' && 'eventStream' in response;
}
