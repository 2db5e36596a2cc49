import { HttpProblem } from '../http-problem.js';
import { demand, demandPing, demandStatus, PATIENCE_MS } from './demand.js';
import { filledIn } from './filled-in.js';
import type { Probe } from './probe.js';

const MESSAGE =
  'Whatever characters stand in a value that goes into a header, the request must be answered with a status below 500.';

/** What a client sends comes back in a header: no line of its own may come of it, and no failure. */
export const header: Probe<'header'> = async ({ http, server, random }, { env, request, ping }) => {
  await server.start({ env });
  const name = `x-${random.word(12)}`;
  const inputs = [`a\r\n${name}: 1`, `a\n${name}: 1`, 'a\0b', '世界'];
  for (const input of random.shuffle(inputs)) {
    // The sentences of `http` name the path, and with it what was put there.
    const answer = await http
      .request({ ...filledIn(request, 'input', input), timeoutMs: PATIENCE_MS })
      .catch((error: unknown) => {
        throw error instanceof HttpProblem
          ? new HttpProblem(MESSAGE, error.connectionLost, null, error.tooSlow)
          : error;
      });
    demandStatus(answer, 'a status below 500', MESSAGE);
    demand(
      answer.headers[name] === undefined,
      'What a client sends must never become a header line of its own in the answer.',
    );
    await demandPing(http, ping, 'after a request with unusual characters');
  }
};
