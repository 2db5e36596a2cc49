import { pathToFileURL } from 'node:url';
import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createAskWorker } from './ask-worker.js';
import { prepareCheck } from './check-tools.js';
import { describeFailure } from './describe-failure.js';
import type { CheckOutcome, RunCommand, ThreadCommand, ThreadMessage } from './messages.js';

/**
 * The thread of one check: loads the check file, runs one check of it, is thrown away. So no check sees what another
 * left behind, and one that loops for ever, hoards memory or keeps requesting can be ended from outside.
 */

type Check = (tools: object) => unknown;

/** What the harness hands to the thread. */
export interface ThreadData {
  solutionFolder: string;
  port: number;
}

async function loadChecks(file: string): Promise<Map<string, Check>> {
  const { default: exported } = (await import(pathToFileURL(file).href)) as { default?: unknown };
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

/** The next command of that type; the port stays open. */
async function heard<T extends ThreadCommand['type']>(
  port: MessagePort,
  type: T,
): Promise<Extract<ThreadCommand, { type: T }>> {
  return new Promise((resolve) => {
    port.on('message', (command: ThreadCommand) => {
      if (command.type === type) resolve(command as Extract<ThreadCommand, { type: T }>); // as just seen
    });
  });
}

async function main(port: MessagePort): Promise<void> {
  const data = workerData as ThreadData; // set by check-runner.ts
  const send = (message: ThreadMessage) => port.postMessage(message);
  const { checksFile } = await heard(port, 'load');
  const checks = await loadChecks(checksFile);
  const ask = createAskWorker(port);

  const run = (command: RunCommand) => {
    let ended = false;
    const end = (outcome: CheckOutcome) => {
      if (ended) return;
      ended = true;
      send({ type: 'ended', outcome });
    };
    const fail = (error: unknown) => end(describeFailure(error, command.mode));
    let waitsFor: string | null = null;
    const waitFor = (what: string | null) => {
      if (what !== waitsFor) send({ type: 'waiting-for', what });
      waitsFor = what;
    };
    // A request that the check does not await may fail too; Node brings unhandled rejections here as well.
    process.on('uncaughtException', fail);
    const runCheck = async () => {
      const check = checks.get(command.name);
      if (!check) throw new ReferenceError(`there is no check ${command.name}`);
      const makeTools = await prepareCheck({ ...data, command, ask, send, waitFor, fail });
      const isBegun = heard(port, 'begin');
      send({ type: 'prepared' });
      await isBegun;
      if (!ended) await check(makeTools());
      end({ verdict: 'passed', message: null, expected: null, actual: null, connectionLost: false });
    };
    runCheck().catch(fail);
  };
  // on, not once: the open port keeps the thread alive for a check that waits for something that never comes.
  port.on('message', (command: ThreadCommand) => {
    if (command.type === 'run') run(command);
  });
  send({ type: 'loaded', checks: [...checks.keys()] });
}

if (!isMainThread && parentPort) await main(parentPort);
