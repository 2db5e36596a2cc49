import type { HttpRequest } from '../http-client.js';
import type { HttpTools } from '../http-subject.js';
import { demandNoStack, demandPing, demandStatus, PATIENCE_MS } from './demand.js';
import type { Probe, SpecOf } from './probe.js';

const DEPTH = 10_000;

/** None is what the brief asks for, however lenient its fields: the last lacks them all. */
const BODIES: readonly (string | Buffer)[] = [
  '{"a":',
  '',
  Buffer.from([0xff, 0xfe, 0x22, 0x61, 0x22]),
  `{"${'a'.repeat(8)}":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`,
];

/** Bodies that are not what they should be. */
export const badJson: Probe<'bad-json'> = ({ compare }, spec) =>
  compare({
    env: spec.env,
    measure: (tools) => slowestRefusal(tools, spec),
    limit: (reference) => Math.max(3 * reference, 1_000),
    unit: 'ms',
    message: 'A body that is not the JSON that was asked for must be refused quickly.',
  });

async function slowestRefusal({ http }: HttpTools, { request, ping }: SpecOf<'bad-json'>): Promise<number> {
  const { method, path } = request;
  let slowestMs = 0;
  for (const body of BODIES) {
    const bad: HttpRequest = {
      method,
      path,
      headers: { 'content-type': 'application/json', ...request.headers },
      body,
      timeoutMs: PATIENCE_MS,
    };
    const startMs = performance.now();
    const answer = await http.request(bad);
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    demandStatus(
      answer,
      'a 4xx status',
      `${method} ${path} with a body that is not the JSON that was asked for must be answered with 4xx.`,
    );
    demandNoStack(answer);
    await demandPing(http, ping, 'after a body that is not the JSON that was asked for');
  }
  return slowestMs;
}
