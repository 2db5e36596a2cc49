import { setTimeout as delay } from 'node:timers/promises';
import { PlainError } from './plain-error.mjs';
import { lastLines, readOwnLog } from './processes.mjs';
import { stopRequest } from './stop-request.mjs';

/**
 * Asks a process again and again whether it is ready. `probe` resolves to something truthy when it is, to something
 * falsy or rejects when it is not yet. Resolves to what the probe gave; throws a PlainError with the end of the
 * process's log when it ends first or the bound passes.
 */
export async function waitUntilReady(started, probe, boundMs) {
  let ended;
  void started.exited.then((how) => {
    ended = how;
  });
  const deadline = performance.now() + boundMs;
  for (;;) {
    const answer = await probe().catch(() => undefined);
    if (answer) return answer;
    if (ended !== undefined) {
      const how =
        ended.error?.message ??
        (ended.signal ? `ended by ${ended.signal}` : `ended with status ${ended.code}`);
      throw new PlainError(
        `${started.name} could not start: ${how}. Its log: ${started.logPath}`,
        lastLines(await readOwnLog(started)),
      );
    }
    if (performance.now() > deadline) {
      throw new PlainError(
        `${started.name} was not ready after ${boundMs / 1000} s. Its log: ${started.logPath}`,
        lastLines(await readOwnLog(started)),
      );
    }
    await delay(25, undefined, { signal: stopRequest });
  }
}
