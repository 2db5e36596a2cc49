import { connect } from 'node:net';

/** A request as it goes over the wire: nothing is checked, encoded or put in order. */
export interface RawRequest {
  method: string;
  /** Path and query, as bytes in Latin-1. */
  target: string;
  headers?: readonly (readonly [name: string, value: string])[];
  body?: string | Uint8Array;
}

export interface RawAnswer {
  status: number;
  /** By name in lower case. */
  headers: Record<string, string>;
  /** The body as it came, with the sizes of its chunks if it came in chunks. */
  text: string;
}

const ANSWER_WITHIN_MS = 20_000;

/**
 * Sends one request on a connection of its own. Of a stream without an end only the head is read. Rejects when the
 * server closes the connection without an answer or takes too long.
 */
export function sendRaw(url: string, request: RawRequest): Promise<RawAnswer> {
  return sendBytes(url, bytesOf(new URL(url), request));
}

/** The same with every byte given: for what is no HTTP at all. */
export function sendBytes(url: string, bytes: Uint8Array): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const finish = (why: string) => {
      socket.destroy();
      const received = Buffer.concat(chunks);
      const answer = parseAnswer(received);
      if (answer) resolve(answer);
      else reject(new Error(`${why} before there was an answer: ${received.toString().slice(0, 200)}`));
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => finish('the time was over'));
    // A server that has refused a request need not read the rest of it.
    socket.on('error', (error) => finish(error.message));
    socket.on('close', () => finish('the connection was closed'));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (chunks.length === 1 && isStream(chunk)) finish('left');
    });
    socket.write(bytes);
  });
}

function bytesOf({ host }: URL, { method, target, headers = [], body }: RawRequest): Buffer {
  const content = body === undefined ? null : Buffer.from(body);
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const lines = [`${method} ${target} HTTP/1.1`];
  const add = (name: string, value: string) => void (given.has(name) || lines.push(`${name}: ${value}`));
  add('host', host);
  add('connection', 'close');
  if (content && !given.has('transfer-encoding')) add('content-length', String(content.length));
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return content ? Buffer.concat([head, content]) : head;
}

/** Heads of ours are short: they come as one piece. */
const isStream = (head: Buffer) =>
  parseAnswer(head)?.headers['content-type']?.startsWith('text/event-stream');

function parseAnswer(bytes: Buffer): RawAnswer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text: bytes.subarray(end + 4).toString('utf8'),
  };
}
