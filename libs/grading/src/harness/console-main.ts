import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ConsoleCommand, ConsoleMessage } from './console-messages.js';
import { type HttpAnswer, startExchange } from './http-exchange.js';
import { HttpProblem } from './http-problem.js';
import { loadSchema } from './postgres-tool.js';
import { serverPort } from './sidecar-access.js';
import { waitForPort } from './wait-for-port.js';

/**
 * Sends a candidate's own requests to their live server: runs in the `checks` container as
 * `node console-main.js <port> <instances> <start timeout>`, because what comes back is hostile input. stdout carries the protocol and
 * nothing else.
 */

/** The port is the balancer's where there are several instances. */
const [port = 0, instances = 1, startTimeoutMs = 0] = process.argv.slice(2).map(Number);
/** There where the task has tables (live-console.ts). */
const SCHEMA = '/app/schema.sql';

/** Requests at once; a candidate's own clicks are never as many. */
const AT_ONCE = 8;
const TIMEOUT_MS = 10_000;
/** Of a body, what a console shows. */
const SHOWN_BYTES = 128 * 1024;

type Reply = Extract<ConsoleMessage, { type: 'reply' }>['reply'];

let underWay = 0;

async function reply({ request }: ConsoleCommand): Promise<Reply> {
  if (underWay >= AT_ONCE) return noAnswer(`Wait for an answer: ${AT_ONCE} requests are under way.`);
  underWay += 1;
  try {
    return await exchange(request);
  } catch (error) {
    // Node refuses what cannot be sent (two content-lengths, say), and tells why.
    return noAnswer(
      error instanceof HttpProblem ? error.message : `This request cannot be sent: ${String(error)}`,
    );
  } finally {
    underWay -= 1;
  }
}

async function exchange({
  method,
  target,
  headers,
  body,
  bodyEncoding,
}: ConsoleCommand['request']): Promise<Reply> {
  const payload = Buffer.from(body, bodyEncoding === 'base64' ? 'base64' : 'utf8');
  const named = headersOf(headers);
  if (payload.length > 0 && !('content-length' in named) && !('transfer-encoding' in named))
    named['content-length'] = [String(payload.length)];
  const startedAtMs = performance.now();
  const head = { method, path: target, headers: named, timeoutMs: TIMEOUT_MS };
  const { outgoing, answer } = startExchange(port, head, { receivedBytes: 0 });
  outgoing.end(payload);
  const answered = await answer;
  return { ...shown(answered), ms: Math.round((performance.now() - startedAtMs) * 10) / 10 };
}

function headersOf(headers: ConsoleCommand['request']['headers']): Record<string, string[]> {
  const named: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const { name, value } of headers) (named[name.toLowerCase()] ??= []).push(value);
  return named;
}

function shown({ status, rawHeaders, bytes }: HttpAnswer) {
  const headers = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.push({ name: rawHeaders[i] ?? '', value: rawHeaders[i + 1] ?? '' });
  const isText = isUtf8(bytes);
  const cut = bytes.subarray(0, SHOWN_BYTES);
  // As a stream: what the cut made of the last letter is left out.
  const body = isText ? new TextDecoder().decode(cut, { stream: true }) : cut.toString('base64');
  const isCut = bytes.length > SHOWN_BYTES;
  const bodyEncoding = isText ? ('text' as const) : ('base64' as const);
  return { outcome: 'answered' as const, status, headers, body, bodyEncoding, isCut };
}

const noAnswer = (message: string): Reply => ({ outcome: 'no_answer', message });

const send = (message: ConsoleMessage) => process.stdout.write(`${JSON.stringify(message)}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as ConsoleCommand; // the worker is the only one who can write here
  void reply(command).then((answered) => send({ type: 'reply', id: command.id, reply: answered }));
});

if (existsSync(SCHEMA)) await loadSchema(readFileSync(SCHEMA, 'utf8'));
send({ type: 'prepared' });
const ports = instances === 1 ? [port] : [serverPort(instances, 1), serverPort(instances, 2)];
const comeUp = ports.map((one) => waitForPort(one, startTimeoutMs, new AbortController().signal));
send({ type: 'listening', isUp: (await Promise.all(comeUp)).every(Boolean) });
