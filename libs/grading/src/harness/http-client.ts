import { Buffer } from 'node:buffer';
import { type Budget, type HttpAnswer, labelOf, type RequestHead, startExchange } from './http-exchange.js';

export interface HttpRequest extends RequestHead {
  body?: string | Buffer;
  /** Sent as JSON with `content-type: application/json` unless `headers` say otherwise. */
  json?: unknown;
}

type Shorthand = Pick<RequestHead, 'headers' | 'timeoutMs'>;

/** A request whose body the check sends in parts. */
export interface OpenExchange {
  /** One chunk, sent at once. False when the connection takes no more: the answer says why. */
  write(part: string | Buffer): Promise<boolean>;
  /** The body is complete. */
  end(): Promise<void>;
  /** Breaks the connection. */
  abort(): void;
  /** May come before the body was sent; the connection is closed then. Rejects as `request` does. */
  answer: Promise<HttpAnswer>;
}

/** What a check gets as `http`. Redirects are answers like any other. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
  get(path: string, options?: Shorthand): Promise<HttpAnswer>;
  head(path: string, options?: Shorthand): Promise<HttpAnswer>;
  post(path: string, json?: unknown, options?: Shorthand): Promise<HttpAnswer>;
  put(path: string, json?: unknown, options?: Shorthand): Promise<HttpAnswer>;
  delete(path: string, options?: Shorthand): Promise<HttpAnswer>;
  /** Sends the head at once. The body is chunked unless `headers` give a content-length. */
  open(head: RequestHead): OpenExchange;
}

function payloadOf({ body, json }: HttpRequest): Buffer | undefined {
  if (body !== undefined && json !== undefined)
    throw new TypeError('give a request either body or json, not both');
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  return body === undefined ? undefined : Buffer.from(body);
}

function hasHeader(headers: Record<string, unknown>, ...names: string[]): boolean {
  return Object.keys(headers).some((key) => names.includes(key.toLowerCase()));
}

/** The head with what its payload needs besides. */
function headOf(request: HttpRequest, payload: Buffer | undefined): RequestHead {
  const headers = { ...request.headers };
  if (request.json !== undefined && !hasHeader(headers, 'content-type'))
    headers['content-type'] = 'application/json';
  if (payload !== undefined && !hasHeader(headers, 'content-length', 'transfer-encoding'))
    headers['content-length'] = String(payload.length);
  const { method, path, timeoutMs } = request;
  return { method, path, headers, timeoutMs };
}

/** A client of one check. `onWaiting` hears of the oldest request without an answer at each change. */
export function createHttpClient(
  port: number,
  onWaiting: (oldest: string | null) => void = () => {},
): HttpClient {
  const budget: Budget = { receivedBytes: 0 };
  const pending: string[] = [];
  const tell = () => onWaiting(pending[0] ?? null);
  const begin = (head: RequestHead) => {
    const label = labelOf(head);
    const exchange = startExchange(port, head, budget);
    pending.push(label);
    tell();
    const answer = exchange.answer.finally(() => {
      pending.splice(pending.indexOf(label), 1);
      tell();
    });
    return { ...exchange, answer };
  };

  const request = async (wanted: HttpRequest): Promise<HttpAnswer> => {
    const payload = payloadOf(wanted);
    const { outgoing, answer } = begin(headOf(wanted, payload));
    outgoing.end(payload);
    return answer;
  };

  const open = (head: RequestHead): OpenExchange => {
    const headers = { ...head.headers };
    if (!hasHeader(headers, 'content-length', 'transfer-encoding')) headers['transfer-encoding'] = 'chunked';
    const { outgoing, answer, abort } = begin({ ...head, headers });
    answer.catch(() => {}); // a check may not care
    outgoing.setNoDelay(true);
    outgoing.flushHeaders();
    const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
    return {
      answer,
      abort,
      // Node calls back without an error for what was under way when the connection was destroyed.
      write: (part) =>
        new Promise((resolve) => outgoing.write(part, (error) => resolve(!error && !outgoing.destroyed))),
      async end() {
        // Never called back when the connection closes first.
        const ended = new Promise<void>((resolve) => outgoing.end(resolve));
        await Promise.race([ended, closed]);
      },
    };
  };

  return {
    request,
    open,
    get: (path, options) => request({ ...options, method: 'GET', path }),
    head: (path, options) => request({ ...options, method: 'HEAD', path }),
    post: (path, json, options) => request({ ...options, method: 'POST', path, json }),
    put: (path, json, options) => request({ ...options, method: 'PUT', path, json }),
    delete: (path, options) => request({ ...options, method: 'DELETE', path }),
  };
}
