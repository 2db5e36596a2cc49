import { Buffer } from 'node:buffer';
import http from 'node:http';
import { answerProblem, HttpProblem, requestProblem } from './http-problem.js';

/** Caps on what a server under test may send. Each request has its own socket, so nothing carries over. */
export const HTTP_CAPS = {
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  /** All answers to one client together: bounds the memory of a check that collects pages. */
  clientBytes: 16 * 1024 * 1024,
} as const;

const DEFAULT_TIMEOUT_MS = 5_000;

export interface RequestHead {
  method: string;
  /** As sent: not encoded, not normalised. */
  path: string;
  headers?: Record<string, string | string[]>;
  /** For the whole exchange, connecting and the last byte of the body included. */
  timeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case; several `set-cookie` come as a list, other repeated headers joined by commas. */
  headers: http.IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  /** The body as it came; never decompressed. */
  bytes: Buffer;
  /** The same as UTF-8. */
  text: string;
  /** The body as JSON; a body that is none fails the check with a plain sentence. */
  json(): unknown;
}

/** Bytes that one client has received so far, over all its requests. */
export interface Budget {
  receivedBytes: number;
}

export interface StartedExchange {
  /** To be ended by the caller; destroyed once the answer is complete or has failed. */
  outgoing: http.ClientRequest;
  /** Rejects with `HttpProblem` for everything the server can do to us. */
  answer: Promise<HttpAnswer>;
  /** Breaks the connection; the answer fails unless it was complete. */
  abort(): void;
}

export const labelOf = ({ method, path }: RequestHead): string => `${method} ${path}`;

/** Begins a request on a socket of its own; nothing is sent before the caller writes, flushes or ends. */
export function startExchange(port: number, head: RequestHead, budget: Budget): StartedExchange {
  const label = labelOf(head);
  const timeoutMs = head.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const outgoing = http.request({
    host: '127.0.0.1',
    port,
    method: head.method,
    path: head.path,
    headers: head.headers,
    agent: false,
    maxHeaderSize: HTTP_CAPS.headerBytes,
    insecureHTTPParser: false,
  });

  let abort: () => void = () => undefined;
  const answer = new Promise<HttpAnswer>((resolve, reject) => {
    // One timer for the whole exchange: a trickle resets an idle timeout for ever.
    const timer = setTimeout(() => fail(requestProblem.tooSlow(label, timeoutMs)), timeoutMs);
    const end = () => {
      clearTimeout(timer);
      outgoing.destroy();
    };
    const fail = (problem: HttpProblem) => {
      end();
      reject(problem);
    };
    abort = () => fail(requestProblem.aborted(label));

    let answered: http.IncomingMessage | undefined;
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // Bytes after a complete answer are nobody's: whether they came in the same packet must not matter.
      if (!answered?.complete) fail(requestProblem.fromError(label, error));
    });
    outgoing.on('upgrade', () => fail(requestProblem.upgraded(label)));
    outgoing.on('response', (incoming) => {
      answered = incoming;
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        budget.receivedBytes += chunk.length;
        if (bytes > HTTP_CAPS.bodyBytes) return fail(requestProblem.bodyTooLarge(label, HTTP_CAPS.bodyBytes));
        if (budget.receivedBytes > HTTP_CAPS.clientBytes)
          return fail(requestProblem.tooMuch(HTTP_CAPS.clientBytes));
        chunks.push(chunk);
      });
      incoming.on('error', () => fail(requestProblem.cutShort(label)));
      incoming.on('end', () => {
        if (!incoming.complete) return fail(requestProblem.cutShort(label));
        end();
        const body = Buffer.concat(chunks);
        const text = body.toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          rawHeaders: incoming.rawHeaders,
          bytes: body,
          text,
          json: () => parseJson(label, text),
        });
      });
    });
  });
  return { outgoing, answer, abort: () => abort() };
}

function parseJson(label: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw answerProblem.notJson(label, text);
  }
}
