import { setTimeout as delay } from 'node:timers/promises';
import { renderSeconds } from '../http-problem.js';
import type { HttpTools } from '../http-subject.js';
import { percentile } from '../load.js';
import { within } from '../within.js';
import { demand, demandPing } from './demand.js';
import type { Probe, SpecOf } from './probe.js';
import { RawConnection, rawHead } from './raw-connection.js';

const SOCKETS = 50;
const BYTE_EVERY_MS = 1_000;
const PER_SECOND = 25;
const SECONDS = 2;
/** A container may have 256 files open: 50 slow ones, and never more than 75 pings at once. */
const PING_TIMEOUT_MS = 3_000;
const PING_EVERY_MS = 1_000;

/** Requests whose heads come byte by byte and never end. */
export const loris: Probe<'loris'> = async ({ compare, http, server, port }, spec) => {
  await server.start({ env: spec.env });
  await demandClosed(http, spec, port);
  await compare({
    env: spec.env,
    measure: (tools) => pingsMeanwhile(tools, spec, port),
    limit: (reference) => Math.max(3 * reference, reference + 50),
    unit: 'ms',
    message: 'While others send their requests slowly, a request must be answered quickly.',
  });
};

/** Slow connections; give back what ends them. */
function openSlowOnes(
  { ping }: SpecOf<'loris'>,
  port: number,
): { connections: RawConnection[]; end(): void } {
  const connections = Array.from({ length: SOCKETS }, () => new RawConnection(port));
  const head = rawHead(ping);
  for (const connection of connections) void connection.write(`${head}x-slow: `);
  const timer = setInterval(() => {
    for (const connection of connections) if (!connection.isClosed) void connection.write('a');
  }, BYTE_EVERY_MS);
  return {
    connections,
    end: () => {
      clearInterval(timer);
      for (const connection of connections) connection.destroy();
    },
  };
}

async function demandClosed(http: HttpTools['http'], spec: SpecOf<'loris'>, port: number): Promise<void> {
  const { connections, end } = openSlowOnes(spec, port);
  try {
    const allClosed = Promise.all(connections.map(({ closed }) => closed));
    const endMs = performance.now() + spec.closedWithinMs;
    while (connections.some(({ isClosed }) => !isClosed) && performance.now() < endMs) {
      await demandPing(http, spec.ping, 'while others send their requests slowly');
      await within(Math.min(PING_EVERY_MS, Math.max(0, endMs - performance.now())), allClosed);
    }
    const open = connections.filter(({ isClosed }) => !isClosed).length;
    demand(open === 0, 'Connections whose request does not come to its end must be closed.', {
      expected: `all closed within ${renderSeconds(spec.closedWithinMs)}`,
      actual: `${open} of ${SOCKETS} still open`,
    });
  } finally {
    end();
  }
}

async function pingsMeanwhile(
  { load, http }: HttpTools,
  spec: SpecOf<'loris'>,
  port: number,
): Promise<number> {
  const { end } = openSlowOnes(spec, port);
  try {
    await delay(BYTE_EVERY_MS / 2);
    await demandPing(http, spec.ping, 'while others send their requests slowly');
    const { latenciesMs } = await load.openLoop({
      perSecond: PER_SECOND,
      seconds: SECONDS,
      request: () => spec.ping,
      timeoutMs: PING_TIMEOUT_MS,
    });
    return percentile(latenciesMs, 0.95);
  } finally {
    end();
  }
}
