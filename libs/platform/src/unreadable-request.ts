import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from '@assay/contracts/problems';
import type { Logger } from './logger.js';
import { toProblem } from './problem.filter.js';

/** What Node's parser calls headers that are too many. */
const TOO_LARGE = 'HPE_HEADER_OVERFLOW';

/**
 * Answers what is no HTTP request with a problem document like any other, and ends the connection: where the next
 * request would begin, nobody knows.
 */
export function answerUnreadable(
  error: Error & { code?: string },
  socket: Socket,
  headersOf: (requestId: string) => Record<string, string>,
  logger: Logger,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const problem = toProblem({ statusCode: error.code === TOO_LARGE ? 431 : 400 }, requestId, logger);
  answerOnSocket(socket, problem, headersOf(requestId));
}

/** Writes a problem document as a whole HTTP answer onto a bare connection, and ends that. */
export function answerOnSocket(socket: Socket, problem: Problem, ownHeaders: Record<string, string>): void {
  const body = JSON.stringify(problem);
  const headers = {
    ...ownHeaders,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...lines].join('\r\n');
  socket.end(`${head}\r\n\r\n${body}`);
}
