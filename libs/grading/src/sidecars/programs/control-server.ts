import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { listening } from './listening.js';

/** What only checks may do, by name: takes and gives JSON. Throws `Refusal`, or an `Error` that is the check's mistake. */
export type Operations = Readonly<Record<string, (argument: never) => unknown>>;

/** The candidate keeps it from being done; the message is for the candidate. */
export class Refusal extends Error {
  override name = 'Refusal';
}

const MAX_ARGUMENT_BYTES = 4 * 1024 * 1024;

/** Answers whoever has the secret that lies beside this program. Resolves once it listens. */
export async function serveControl(port: number, operations: Operations): Promise<void> {
  const expected = Buffer.from(`Bearer ${readFileSync(new URL('./secret', import.meta.url), 'utf8')}`);
  const isAuthorised = (header = '') => {
    const given = Buffer.from(header);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  const server = http.createServer((request, response) => {
    const answer = (status: number, text: string) => response.writeHead(status).end(text);
    if (!isAuthorised(request.headers.authorization)) {
      answer(401, 'only checks may ask this');
      request.destroy();
      return;
    }
    void handle(request, operations).then(
      (value) => answer(200, JSON.stringify(value ?? null)),
      (error: unknown) => answer(error instanceof Refusal ? 409 : 400, String((error as Error).message)),
    );
  });
  await listening(server, port);
}

async function handle(request: http.IncomingMessage, operations: Operations): Promise<unknown> {
  const name = request.url?.slice(1) ?? '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw new Error('there is no such operation');
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_ARGUMENT_BYTES) throw new Error('the argument is too large');
    parts.push(part);
  }
  return operation(JSON.parse(Buffer.concat(parts).toString('utf8')) as never); // the check's tool made it
}
