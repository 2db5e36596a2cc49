import { setTimeout as delay } from 'node:timers/promises';
import { PlainError } from './plain-error.mjs';
import { lastLines, readOwnLog } from './processes.mjs';
import { say } from './progress.mjs';
import { stopRequest } from './stop-request.mjs';

const longestPauseMs = 15_000;
/** A process that ran this long before it ended has earned a fresh count of attempts. */
const settledAfterMs = 60_000;
const mostAttempts = 5;

const describe = ({ code, signal, error }) =>
  error?.message ?? (signal ? `killed by ${signal}` : `status ${code}`);

/**
 * Keeps processes running. `failed` rejects with a PlainError once one of them cannot be kept: it ended
 * `mostAttempts` times in a row within `settledAfterMs` of its start.
 */
export function createSupervisor() {
  let fail;
  const failed = new Promise((_, reject) => {
    fail = reject;
  });
  // Nobody may be listening yet when it happens.
  failed.catch(() => {});

  async function restart(name, start, attempt) {
    const pauseMs = Math.min(500 * 2 ** (attempt - 1), longestPauseMs);
    await delay(pauseMs, undefined, { signal: stopRequest });
    const startedAtMs = performance.now();
    try {
      const { started } = await start();
      say(`✓ ${name} is back`);
      watch(name, start, started, startedAtMs, attempt);
    } catch (error) {
      if (stopRequest.aborted) return;
      if (!(error instanceof PlainError) || attempt >= mostAttempts) throw error;
      say(`! ${name} did not come back: ${error.message}`);
      await restart(name, start, attempt + 1);
    }
  }

  function watch(name, start, started, startedAtMs, attempt) {
    const onEnd = async (how) => {
      if (stopRequest.aborted) return;
      const next = performance.now() - startedAtMs > settledAfterMs ? 1 : attempt + 1;
      if (next > mostAttempts) {
        const log = lastLines(await readOwnLog(started));
        throw new PlainError(`${name} keeps ending (${describe(how)}). Its log: ${started.logPath}`, log);
      }
      say(`! ${name} ended (${describe(how)}); starting it again. Its log: ${started.logPath}`);
      await restart(name, start, next);
    };
    started.exited.then(onEnd).catch((error) => {
      if (!stopRequest.aborted) fail(error);
    });
  }

  /** Starts a process and keeps it running from then on. `start` resolves to `{ started, answer }`; so does this. */
  async function keep(name, start) {
    const startedAtMs = performance.now();
    const result = await start();
    watch(name, start, result.started, startedAtMs, 0);
    return result;
  }

  return { keep, failed };
}
