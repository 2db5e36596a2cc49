import { demandNoStack, demandPing, demandStatus, PATIENCE_MS } from './demand.js';
import type { Probe } from './probe.js';

const TIMES = 3;

/** A request that fails inside; a rejection that nobody handles ends the process, or leaves the client waiting. */
export const rejection: Probe<'rejection'> = async ({ http, server }, { env, failing, ping }) => {
  await server.start({ env });
  for (let time = 0; time < TIMES; time += 1) {
    const answer = await http.request({ ...failing, timeoutMs: PATIENCE_MS });
    demandStatus(answer, 'a 5xx status', 'A request that fails inside must be answered with a 5xx status.');
    demandNoStack(answer);
    await demandPing(http, ping, 'after another request failed inside');
  }
};
