import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { CheckRunner } from './check-runner.js';
import { renderSeconds } from './http-problem.js';
import { type Command, type Message, TEXT_CAPS } from './messages.js';
import { safeText } from './safe-text.js';
import { waitForPort } from './wait-for-port.js';

/**
 * The check harness: runs inside the `checks` container as `node main.js <check file> <port>` and speaks
 * newline-delimited JSON with the worker. stdout carries the protocol and nothing else.
 */

const [checksFile, portText] = process.argv.slice(2);
if (checksFile === undefined || portText === undefined) throw new Error('usage: main.js <check file> <port>');
const port = Number(portText);

const send = (message: Message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Says why and ends: a harness that is broken once answers nothing more. */
function giveUp(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message: Message = { type: 'broken', reason: safeText(reason, TEXT_CAPS.reason) };
  process.stdout.write(`${JSON.stringify(message)}\n`, () => process.exit(1));
}

const runner = new CheckRunner({ checksUrl: pathToFileURL(checksFile).href, port });
let waiting: AbortController | null = null;

async function run({
  name,
  seed,
  timeoutMs,
  startTimeoutMs,
}: Extract<Command, { type: 'run' }>): Promise<void> {
  waiting = new AbortController();
  const listening = await waitForPort(port, startTimeoutMs, waiting.signal);
  waiting = null;
  if (listening) {
    send(await runner.run(name, seed, timeoutMs));
    return;
  }
  send({
    type: 'result',
    name,
    verdict: 'not_listening',
    message: `Your server did not listen on port ${port} within ${renderSeconds(startTimeoutMs)}.`,
    expected: null,
    actual: null,
    ms: 0,
    connectionLost: true,
  });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as Command; // the worker is the only one who can write here
  if (command.type === 'server-ended') waiting?.abort();
  else run(command).catch(giveUp);
});

runner.names().then((checks) => send({ type: 'ready', checks }), giveUp);
