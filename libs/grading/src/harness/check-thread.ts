import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { describeFailure } from './describe-failure.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import type { CheckOutcome, ThreadMessage } from './messages.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';

/**
 * The thread of one check: loads the check file, runs one check of it, is thrown away. So no check sees what another
 * left behind, and one that loops for ever, hoards memory or keeps requesting can be ended from outside.
 */

type Check = (tools: { http: HttpClient; random: SeededRandom }) => unknown;

/** What the harness hands to the thread. */
export interface ThreadData {
  checksUrl: string;
  port: number;
}

/** Harness → thread: run this one. */
export interface ThreadCommand {
  name: string;
  seed: string;
}

async function loadChecks(url: string): Promise<Map<string, Check>> {
  const { default: exported } = (await import(url)) as { default?: unknown };
  if (typeof exported !== 'object' || exported === null) {
    throw new TypeError('the check file has no default export that maps names to functions');
  }
  const checks = new Map<string, Check>();
  for (const [name, check] of Object.entries(exported)) {
    if (typeof check !== 'function') throw new TypeError(`the check ${name} is not a function`);
    checks.set(name, check as Check); // functions are called with the documented tools whatever they declare
  }
  return checks;
}

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const { checksUrl, port: candidatePort } = workerData as ThreadData; // set by check-threads.ts
  const send = (message: ThreadMessage) => port.postMessage(message);
  const checks = await loadChecks(checksUrl);

  // on, not once: the open port keeps the thread alive for a check that waits for something that never comes.
  port.on('message', ({ name, seed }: ThreadCommand) => {
    let ended = false;
    const end = (outcome: CheckOutcome) => {
      if (ended) return;
      ended = true;
      send({ type: 'ended', outcome });
    };
    const fail = (error: unknown) => end(describeFailure(error));
    // A request that the check does not await may fail too; Node brings unhandled rejections here as well.
    process.on('uncaughtException', fail);
    const run = async () => {
      const check = checks.get(name);
      if (!check) throw new ReferenceError(`there is no check ${name}`);
      const http = createHttpClient(candidatePort, (requests) => send({ type: 'pending', requests }));
      await check({ http, random: seededRandom(seed, name) });
      end({ verdict: 'passed', message: null, expected: null, actual: null, connectionLost: false });
    };
    run().catch(fail);
  });
  send({ type: 'loaded', checks: [...checks.keys()] });
}

if (!isMainThread && parentPort) await main(parentPort);
