import { createHash } from 'node:crypto';
import type { EndpointDefinition } from '@assay/contracts/http';
import { Database, releaseIdempotencyKey, reserveIdempotencyKey, storeAnswer } from '@assay/db';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { type AssayRequest, type Caller, COOKIE } from './call.js';
import { ENDPOINT } from './endpoint-metadata.js';
import { InputInvalid } from './input-invalid.js';
import { parseInput } from './parse-input.js';
import { openAnswer, sealAnswer } from './sealed-answer.js';

const EMPTY_KEY = {
  code: 'custom' as const,
  path: ['idempotency-key'],
  message: 'must not be empty',
  input: '',
};

/** For POSTs: one with an Idempotency-Key is done once; a repeat by the same session gets the first one's answer. */
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
    if (typeof key !== 'string' || !request.caller) return next.handle();
    if (key.trim() === '') throw new InputInvalid('headers', [EMPTY_KEY]);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(this.answerOnce(request, request.caller, key, endpoint, next, reply));
  }

  private async answerOnce(
    request: AssayRequest,
    caller: Caller,
    key: string,
    endpoint: EndpointDefinition,
    next: CallHandler,
    reply: FastifyReply,
  ): Promise<unknown> {
    const reservation = {
      scope: `${caller.sessionId} ${endpoint.path}`,
      key: sha256(key),
      // Of the parsed input: what is not valid is refused here, keeps no key and costs no depth of our stack.
      requestHash: sha256(JSON.stringify([request.url, parseInput(endpoint, request).body ?? null])),
    };
    // What only the caller holds: the cookie's secret and the key.
    const sealingSecret = `${request.cookies[COOKIE[request.realm]]} ${key}`;
    const stored = await reserveIdempotencyKey(this.db, reservation);
    if (stored) {
      reply.header('idempotency-replayed', 'true');
      return openAnswer(stored.response, sealingSecret);
    }
    const response: unknown = await lastValueFrom(next.handle()).catch(async (error: unknown) => {
      await releaseIdempotencyKey(this.db, reservation);
      throw error;
    });
    const sealed = sealAnswer(response, sealingSecret);
    await storeAnswer(this.db, reservation, { status: endpoint.status, response: sealed });
    return response;
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
