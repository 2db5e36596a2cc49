import { Buffer } from 'node:buffer';
import http from 'node:http';
import { answerProblem, HttpProblem, requestProblem } from './http-problem.js';

/** Caps on what a server under test may send. Each request has its own socket, so nothing carries over. */
export const HTTP_CAPS = {
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  /** All answers of one check together: bounds the memory of a check that collects pages. */
  checkBytes: 16 * 1024 * 1024,
} as const;

const DEFAULT_TIMEOUT_MS = 5_000;

export interface HttpRequest {
  method: string;
  /** As sent: not encoded, not normalised. */
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Sent as JSON with `content-type: application/json` unless `headers` say otherwise. */
  json?: unknown;
  /** For the whole exchange, connecting and the last byte of the body included. */
  timeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case; several `set-cookie` come as a list, other repeated headers joined by commas. */
  headers: http.IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  /** The body as UTF-8; never decompressed. */
  text: string;
  /** The body as JSON; a body that is none fails the check with a plain sentence. */
  json(): unknown;
}

type Shorthand = { headers?: HttpRequest['headers']; timeoutMs?: number };

/** What a check gets as `http`. Redirects are answers like any other. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
  get(path: string, options?: Shorthand): Promise<HttpAnswer>;
  post(path: string, json?: unknown, options?: Shorthand): Promise<HttpAnswer>;
  put(path: string, json?: unknown, options?: Shorthand): Promise<HttpAnswer>;
  delete(path: string, options?: Shorthand): Promise<HttpAnswer>;
}

/** Bytes that one check has received so far, over all its requests. */
interface Budget {
  receivedBytes: number;
}

function payloadOf({ body, json }: HttpRequest): Buffer | undefined {
  if (body !== undefined && json !== undefined)
    throw new TypeError('give a request either body or json, not both');
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  return body === undefined ? undefined : Buffer.from(body);
}

function hasHeader(headers: Record<string, unknown>, name: string): boolean {
  return Object.keys(headers).some((key) => key.toLowerCase() === name);
}

/** Sends one request on a socket of its own. Rejects with `HttpProblem` for everything the server can do to us. */
function exchange(port: number, request: HttpRequest, budget: Budget): Promise<HttpAnswer> {
  const label = `${request.method} ${request.path}`;
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const payload = payloadOf(request);
  const headers: Record<string, string | string[] | number> = { ...request.headers };
  if (request.json !== undefined && !hasHeader(headers, 'content-type'))
    headers['content-type'] = 'application/json';
  if (
    payload !== undefined &&
    !hasHeader(headers, 'content-length') &&
    !hasHeader(headers, 'transfer-encoding')
  ) {
    headers['content-length'] = payload.length;
  }

  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      host: '127.0.0.1',
      port,
      method: request.method,
      path: request.path,
      headers,
      agent: false,
      maxHeaderSize: HTTP_CAPS.headerBytes,
      insecureHTTPParser: false,
    });
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
        if (budget.receivedBytes > HTTP_CAPS.checkBytes)
          return fail(requestProblem.tooMuch(HTTP_CAPS.checkBytes));
        chunks.push(chunk);
      });
      incoming.on('error', () => fail(requestProblem.cutShort(label)));
      incoming.on('end', () => {
        if (!incoming.complete) return fail(requestProblem.cutShort(label));
        end();
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          rawHeaders: incoming.rawHeaders,
          text,
          json: () => {
            try {
              return JSON.parse(text);
            } catch {
              throw answerProblem.notJson(label, text);
            }
          },
        });
      });
    });
    outgoing.end(payload);
  });
}

/** The client of one check. `onPending` hears of the unanswered requests whenever they change. */
export function createHttpClient(
  port: number,
  onPending: (requests: string[]) => void = () => {},
): HttpClient {
  const budget: Budget = { receivedBytes: 0 };
  const pending: string[] = [];
  const request = async (wanted: HttpRequest): Promise<HttpAnswer> => {
    const label = `${wanted.method} ${wanted.path}`;
    pending.push(label);
    onPending(pending);
    try {
      return await exchange(port, wanted, budget);
    } finally {
      pending.splice(pending.indexOf(label), 1);
      onPending(pending);
    }
  };
  return {
    request,
    get: (path, options) => request({ ...options, method: 'GET', path }),
    post: (path, json, options) => request({ ...options, method: 'POST', path, json }),
    put: (path, json, options) => request({ ...options, method: 'PUT', path, json }),
    delete: (path, options) => request({ ...options, method: 'DELETE', path }),
  };
}
