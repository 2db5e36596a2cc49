import { createInterface } from 'node:readline';
import { CheckRunner } from './check-runner.js';
import { type Command, type Message, TEXT_CAPS } from './messages.js';
import { safeText } from './safe-text.js';

/**
 * The check harness: runs inside the `checks` container as `node main.js <solution's folder> <port>`, maybe long before
 * it is known what it will check, and speaks newline-delimited JSON with the worker. stdout carries the protocol and
 * nothing else.
 */

const [solutionFolder, portText] = process.argv.slice(2);
if (solutionFolder === undefined || portText === undefined)
  throw new Error("usage: main.js <solution's folder> <port>");

const send = (message: Message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Says why and ends: a harness that is broken once answers nothing more. */
function giveUp(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message: Message = { type: 'broken', reason: safeText(reason, TEXT_CAPS.reason) };
  process.stdout.write(`${JSON.stringify(message)}\n`, () => process.exit(1));
}

const runner = new CheckRunner({ solutionFolder, port: Number(portText) }, send);

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as Command; // the worker is the only one who can write here
  if (command.type === 'answer') runner.answer(command);
  else if (command.type === 'load')
    runner.load(command).then((checks) => send({ type: 'ready', checks }), giveUp);
  else if (command.type === 'run') runner.prepare(command).then(send, giveUp);
  else runner.begin().then(send, giveUp);
});
