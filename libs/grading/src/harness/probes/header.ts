import type { ProbedRequest } from '@assay/tasks';
import { HttpProblem } from '../http-problem.js';
import { demand, demandPing, demandStatus, PATIENCE_MS } from './demand.js';
import type { Probe } from './probe.js';

const PLACEHOLDER = '{input}';
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
      .request({ ...withInput(request, input), timeoutMs: PATIENCE_MS })
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

/** The request with the input in its place: percent-encoded in a path, escaped in JSON, as it is in a body. */
function withInput({ path, json, body, ...request }: ProbedRequest, input: string): ProbedRequest {
  const escaped = JSON.stringify(input).slice(1, -1);
  return {
    ...request,
    path: path.replaceAll(PLACEHOLDER, encodeURIComponent(input)),
    ...(json !== undefined && {
      json: JSON.parse(JSON.stringify(json).replaceAll(PLACEHOLDER, () => escaped)),
    }),
    ...(body !== undefined && { body: body.replaceAll(PLACEHOLDER, () => input) }),
  };
}
