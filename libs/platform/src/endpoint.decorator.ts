import { type EndpointDefinition, type InputOf, isEventStream, type ReplyOf } from '@assay/contracts/http';
import { Delete, Get, HttpCode, Post, Put, Req, Res, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type AssayRequest, type Call, callOf } from './call.js';
import { ENDPOINT } from './endpoint-metadata.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import type { Logger } from './logger.js';
import { parseInput } from './parse-input.js';
import { streamEvents } from './server-sent-events.js';

const ROUTE = { GET: Get, POST: Post, PUT: Put, DELETE: Delete };

type Handler<E extends EndpointDefinition> = (
  input: InputOf<E>,
  call: Call<E>,
) => ReplyOf<E> | Promise<ReplyOf<E>>;

/**
 * Makes a method the handler of an endpoint. The method gets parsed input and nothing else, and what it returns is
 * cut to the response's schema: neither unchecked input nor a field too many can pass by mistake.
 */
export function Endpoint<E extends EndpointDefinition>(endpoint: E) {
  return <M extends Handler<E>>(
    target: object,
    name: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    // A decorated method always has a value, and M has checked its type.
    const handle = descriptor.value as unknown as (input: unknown, call: Call) => unknown;
    async function route(this: object, request: AssayRequest, reply: FastifyReply): Promise<unknown> {
      const input = parseInput(endpoint, request);
      const call = callOf(request, reply);
      return present(endpoint, await handle.call(this, input, call), call, request.logger, reply);
    }
    // In place: the decorator's caller defines the property from this very descriptor afterwards.
    const replaced: PropertyDescriptor = Object.assign(descriptor, { value: route });
    ROUTE[endpoint.method](endpoint.path)(target, name, replaced);
    HttpCode(endpoint.status)(target, name, replaced);
    SetMetadata(ENDPOINT, endpoint)(target, name, replaced);
    // For all routes, it would cost every read an observable and its subscriptions.
    if (endpoint.method === 'POST') UseInterceptors(IdempotencyInterceptor)(target, name, replaced);
    Req()(target, name, 0);
    Res({ passthrough: true })(target, name, 1);
    // TypeScript wrote down the method's own parameters; Nest must not read them as the route's.
    Reflect.defineMetadata('design:paramtypes', [Object, Object], target, name);
  };
}

function present(
  endpoint: EndpointDefinition,
  result: unknown,
  call: Call,
  logger: Logger,
  reply: FastifyReply,
): unknown {
  const { response } = endpoint;
  if (response === 'no-content') return undefined;
  if (isEventStream(response)) {
    // Handler<E> returns what ReplyOf says of a stream.
    const events = result as AsyncIterable<{ sequence: number; event: z.input<typeof response.eventStream> }>;
    return streamEvents(events, response.eventStream, call.signal, reply, logger);
  }
  return response.parse(result);
}
