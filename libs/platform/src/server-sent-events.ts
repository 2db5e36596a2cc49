import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Logger } from './logger.js';

/** Proxies and browsers give up on a silent connection; a comment keeps it alive. */
const HEARTBEAT_MS = 15_000;

/** Sends events as `text/event-stream`; each `id` is its sequence, which the client sends back to resume. */
export function streamEvents<S extends z.ZodType>(
  events: AsyncIterable<{ sequence: number; event: z.input<S> }>,
  schema: S,
  signal: AbortSignal,
  reply: FastifyReply,
  logger: Logger,
): Readable {
  reply
    .header('content-type', 'text/event-stream')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    // Kept alive, it would keep the server from closing for as long as idle connections may live.
    .header('connection', 'close');
  const stream = new Readable({ read() {} });
  const heartbeat = setInterval(() => stream.push(': still here\n\n'), HEARTBEAT_MS);
  const end = () => {
    clearInterval(heartbeat);
    if (!stream.destroyed) stream.push(null);
  };
  signal.addEventListener('abort', end, { once: true });
  const send = async () => {
    stream.push(': connected\n\n');
    for await (const { sequence, event } of events) {
      if (signal.aborted) break;
      stream.push(`id: ${sequence}\ndata: ${JSON.stringify(schema.parse(event))}\n\n`);
    }
  };
  send().then(end, (error: Error) => {
    clearInterval(heartbeat);
    // The answer has begun: no problem document can say it any more, and the client will come again.
    logger.error({ err: error }, 'a stream of events broke off');
    stream.destroy(error);
  });
  return stream;
}
