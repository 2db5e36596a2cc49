import { HttpConnection } from './http-connection.js';
import { quantile } from './statistics.js';

/** What one server did with one round of load. */
export interface Round {
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  /** Answers with another status than 200. */
  errors: number;
  /** Share of the time that the load generator itself was at work, 0 to 1: near 1 it would be what is measured. */
  generatorBusy: number;
}

/** Each of `requests` over a connection of its own, again as soon as it is answered, until the time is over. */
export async function loadInClosedLoop(
  port: number,
  requests: readonly Buffer[],
  durationMs: number,
): Promise<Round> {
  const connections = await Promise.all(requests.map(() => HttpConnection.open(port)));
  const latenciesMs: number[] = [];
  let errors = 0;
  const idleBefore = performance.eventLoopUtilization();
  const startedAtMs = performance.now();
  try {
    await Promise.all(
      requests.map(async (request, i) => {
        const connection = connections[i];
        while (connection && performance.now() - startedAtMs < durationMs) {
          const { status, ms } = await connection.send(request);
          latenciesMs.push(ms);
          if (status !== 200) errors += 1;
        }
      }),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
  return {
    perSecond: (latenciesMs.length / (performance.now() - startedAtMs)) * 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p95Ms: quantile(latenciesMs, 0.95),
    errors,
    generatorBusy: performance.eventLoopUtilization(idleBefore).utilization,
  };
}
