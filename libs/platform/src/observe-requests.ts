import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { AssayRequest, Caller } from './call.js';
import { withLogContext } from './log-context.js';
import type { Logger } from './logger.js';
import { createRequestMetrics } from './request-metrics.js';

export interface Observation {
  logger: Logger;
  registry: Registry;
  /** Whether requests to /health are logged: every few seconds they say nothing. */
  logHealth: boolean;
}

/**
 * One line and one measurement for every request, when its answer has ended or the client has gone; and the request's id
 * on every line between. Gives what does the former for requests that Fastify refuses before its hooks.
 */
export function observeRequests(fastify: FastifyInstance, { logger, registry, logHealth }: Observation) {
  const metrics = createRequestMetrics(registry);

  const complete = (request: FastifyRequest, reply: FastifyReply): void => {
    // The route's pattern, never its address: invitations carry a secret there.
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    const durationMs = Math.round(reply.elapsedTime);
    const answered = { method, route, status: reply.statusCode, durationMs };
    if (isEventStream(reply)) metrics.streams.dec();
    else metrics.observe(answered);
    if (route.startsWith('/health/') && !logHealth) return;
    const isCutOff = !reply.raw.writableFinished;
    const line = { requestId: request.id, ...answered, ...idOf((request as AssayRequest).caller) };
    logger.info(isCutOff ? { ...line, isCutOff } : line, 'request');
  };
  const observe = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.raw.once('close', () => complete(request, reply));
  };

  fastify.addHook('onRequest', (request, reply, done) => {
    observe(request, reply);
    withLogContext({ requestId: request.id }, done);
  });
  // The body's reader goes on outside of what onRequest has begun.
  fastify.addHook('preValidation', (request, _, done) => withLogContext({ requestId: request.id }, done));
  fastify.addHook('onSend', (_, reply, payload, done) => {
    if (isEventStream(reply)) metrics.streams.inc();
    done(null, payload);
  });
  return observe;
}

const isEventStream = (reply: FastifyReply): boolean =>
  reply.getHeader('content-type') === 'text/event-stream';

/** An id only: a log outlives what it tells of, and a name or an address in it could not be deleted. */
function idOf(caller: Caller | null): { memberId?: string; attemptId?: string } {
  if (!caller) return {};
  return caller.realm === 'staff' ? { memberId: caller.memberId } : { attemptId: caller.attemptId };
}
