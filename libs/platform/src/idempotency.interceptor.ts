import { createHash } from 'node:crypto';
import { type EndpointDefinition, isEventStream } from '@assay/contracts/http';
import {
  Database,
  type IdempotentRequest,
  releaseIdempotencyKey,
  reserveIdempotencyKey,
  storeAnswer,
} from '@assay/db';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AssayRequest } from './call.js';
import { ENDPOINT } from './endpoint.decorator.js';

const MAX_KEY_LENGTH = 200;

/** A POST with an Idempotency-Key is done once; a repeat by the same session gets the first one's answer. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly db: Database,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AssayRequest>();
    const endpoint = this.reflector.get<EndpointDefinition>(ENDPOINT, context.getHandler());
    const key = request.headers['idempotency-key'];
    // Without a session there is nobody whose keys these could be.
    if (request.method !== 'POST' || typeof key !== 'string' || !request.caller) return next.handle();
    if (isEventStream(endpoint.response)) return next.handle();
    const requestHash = createHash('sha256')
      .update(JSON.stringify([request.url, request.body ?? null]))
      .digest('hex');
    const scope = `${request.caller.sessionId} ${endpoint.path}`;
    return from(
      this.answerOnce({ scope, key: key.slice(0, MAX_KEY_LENGTH), requestHash }, endpoint, next, () =>
        context.switchToHttp().getResponse<FastifyReply>().header('idempotency-replayed', 'true'),
      ),
    );
  }

  private async answerOnce(
    reservation: IdempotentRequest,
    endpoint: EndpointDefinition,
    next: CallHandler,
    markReplayed: () => void,
  ): Promise<unknown> {
    const stored = await reserveIdempotencyKey(this.db, reservation);
    if (stored) {
      markReplayed();
      return stored.response;
    }
    try {
      const response: unknown = await lastValueFrom(next.handle());
      await storeAnswer(this.db, reservation, { status: endpoint.status, response: response ?? null });
      return response;
    } catch (error) {
      await releaseIdempotencyKey(this.db, reservation);
      throw error;
    }
  }
}
