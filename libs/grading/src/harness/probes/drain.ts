import type { HttpTools } from '../http-subject.js';
import { demand, demandPing } from './demand.js';
import type { Probe, SpecOf } from './probe.js';
import { RawConnection, rawHead } from './raw-connection.js';

const UNDER_WAY = 10;
const IDLE = 5;
const SLOW_TIMEOUT_MS = 40_000;

/** SIGTERM while requests are under way and connections are kept alive. */
export const drain: Probe<'drain'> = ({ compare, port }, spec) =>
  compare({
    env: spec.env,
    measure: (tools) => lingering(tools, spec, port),
    limit: (reference) => Math.max(2 * reference, spec.endsWithinMs),
    unit: 'ms',
    message: 'After SIGTERM, the process must end soon after its last answer, whoever is still connected.',
  });

/** From the last answer to the end of the process, in milliseconds. */
async function lingering({ http, server }: HttpTools, spec: SpecOf<'drain'>, port: number): Promise<number> {
  const { ping, slow, endsWithinMs } = spec;
  const idle = Array.from({ length: IDLE }, () => new RawConnection(port));
  try {
    await Promise.all(idle.map((connection) => connection.write(`${rawHead(ping)}\r\n`)));
    await Promise.all(idle.map(({ status }) => status));

    const requests = Array.from({ length: UNDER_WAY }, () =>
      http.request({ ...slow, timeoutMs: SLOW_TIMEOUT_MS }),
    );
    const settled = Promise.allSettled(requests);
    // Connections are accepted in the order in which they were made: by the second answer the slow ones have been read.
    await demandPing(http, ping, 'while slower requests are worked on');
    await demandPing(http, ping, 'while slower requests are worked on');
    await server.signal('SIGTERM');
    const complete = (await settled).filter(
      (result) => result.status === 'fulfilled' && result.value.status >= 200 && result.value.status < 300,
    );
    const answeredMs = performance.now();
    demand(
      complete.length === UNDER_WAY,
      'Requests that are under way when SIGTERM comes must be answered completely, with 2xx.',
      { expected: `${UNDER_WAY} answers`, actual: `${complete.length} of ${UNDER_WAY}` },
    );
    // Twice the time: how much longer than the reference it may take is for the comparison to say.
    const exit = await server.exit({ withinMs: 2 * endsWithinMs });
    const endedMs = performance.now();
    demand(exit !== null, 'After SIGTERM and its last answer, the process must end by itself.');
    demand(exit.code === 0, 'After SIGTERM, the process must end with exit code 0.', {
      expected: 'exit code 0',
      actual: exit.signal === null ? `exit code ${exit.code}` : `ended by ${exit.signal}`,
    });
    return endedMs - answeredMs;
  } finally {
    for (const connection of idle) connection.destroy();
  }
}
