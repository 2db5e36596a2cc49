import { PROBLEMS, type Problem, type ProblemCode } from '@assay/contracts/problems';
import { AppError, type ErrorCode } from '@assay/core/error';
import { isDatabaseDown } from '@assay/db';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InputInvalid } from './input-invalid.js';
import { LOGGER, type Logger } from './logger.js';

/** Every code of core is a problem of the contracts: a code too many does not type-check. */
const problemCodeOf = (code: ErrorCode): ProblemCode => code;

/** What Fastify and Nest answer by themselves, before a handler runs. */
const CODE_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'request.malformed',
  404: 'route.not_found',
  413: 'request.too_large',
  414: 'request.too_large',
  415: 'request.unsupported_media_type',
  429: 'request.rate_limited',
  431: 'request.too_large',
};

const WHAT_IS_READABLE = 'Send well-formed JSON in UTF-8, to a well-formed address.';

/** Turns whatever was thrown into a problem document. Only what is not the caller's is logged, with its stack. */
export function toProblem(error: unknown, requestId: string, logger: Logger): Problem {
  const problem = (code: ProblemCode, more: Partial<Problem> = {}): Problem => ({
    type: `/problems/${code}`,
    ...PROBLEMS[code],
    code,
    requestId,
    ...more,
  });
  if (error instanceof AppError) {
    return problem(problemCodeOf(error.code), error.detail ? { detail: error.detail } : {});
  }
  if (error instanceof InputInvalid) return problem('request.invalid', { errors: error.fields });
  const code = CODE_BY_STATUS[statusOf(error)];
  if (code) return problem(code, code === 'request.malformed' ? { detail: WHAT_IS_READABLE } : {});
  if (isDatabaseDown(error)) {
    logger.error({ requestId, err: error }, 'the database cannot be reached');
    return problem('service.unavailable', { detail: 'Nothing was lost. Try again in a moment.' });
  }
  logger.error({ requestId, err: error }, 'unexpected error');
  return problem('service.bug', { detail: 'It is our fault. Nothing that you saved is lost.' });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own errors: FST_ERR_CTP_…
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(
      http.getResponse<FastifyReply>(),
      toProblem(error, http.getRequest<FastifyRequest>().id, this.logger),
    );
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 503 || problem.status === 429)
    reply.header('retry-after', problem.status === 429 ? '60' : '2');
  void reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problem));
}
